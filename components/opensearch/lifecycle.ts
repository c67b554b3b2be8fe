import { z } from "zod";
import { configHash } from "../foundation/configFiles";
import { dnsLabel, durationFrom, settings, text } from "../foundation/values";

/** A pattern of index names, as roles and policies have them. */
export const indexPattern = () =>
    text(
        /^[a-z0-9.*][a-z0-9._*-]*$/,
        255,
        "a pattern of index names: lower-case letters, digits, ., _, - and *, such as logs-*",
    );

/** Indices that are deleted by age. */
export const lifecycleSettings = z
    .array(
        settings({
            name: dnsLabel().describe("Name of the policy in the cluster."),
            patterns: z
                .array(indexPattern())
                .min(1)
                .describe("Which indices, those of today and those to come, such as prod__state-*."),
            deleteAfter: durationFrom("1h").describe("Age at which an index is deleted, counted from its creation."),
        }),
    )
    .refine((given) => new Set(given.map(({ name }) => name)).size === given.length, {
        error: "policies of different names",
    })
    .default([])
    .describe("Policies of Index State Management that delete old indices. Default none.");

export type Lifecycle = z.output<typeof lifecycleSettings>[number];

/** A policy as the setup Task applies it. */
export interface LifecyclePolicy {
    readonly name: string;
    /** The patterns, joined by commas, as the API has them in a path. */
    readonly patterns: string;
    /** Mark inside the policy's description, by which the Task sees whether the cluster has this very text. */
    readonly mark: string;
    /** The document of `PUT _plugins/_ism/policies/<name>`. */
    readonly document: string;
}

/** The policies of Index State Management; two of them may match the same index, the later then wins. */
export function lifecyclePolicies(lifecycle: readonly Lifecycle[]): LifecyclePolicy[] {
    return lifecycle.map(({ name, patterns, deleteAfter }, index) => {
        const policy = {
            default_state: "keep",
            states: [
                {
                    name: "keep",
                    actions: [],
                    transitions: [{ state_name: "delete", conditions: { min_index_age: deleteAfter } }],
                },
                { name: "delete", actions: [{ delete: {} }], transitions: [] },
            ],
            // Overlapping patterns of one priority are refused by the cluster.
            ism_template: [{ index_patterns: [...patterns], priority: 100 + index }],
        };
        const mark = `config ${configHash(JSON.stringify(policy))}`;
        const description = `Deletes indices ${deleteAfter} after their creation (${mark}).`;
        return {
            name,
            patterns: patterns.join(","),
            mark,
            document: JSON.stringify({ policy: { description, ...policy } }),
        };
    });
}
