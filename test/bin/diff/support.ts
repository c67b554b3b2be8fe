import type { PlannedResource } from "../../../bin/plan/plan";

/** A planned resource with what a test says of it. */
export function planned(
    type: string,
    name: string,
    inputs: Readonly<Record<string, unknown>> = {},
    more: Partial<PlannedResource> = {},
): PlannedResource {
    return {
        urn: `urn:pulumi:dev::data-platform::${type}::${name}`,
        type,
        name,
        parent: undefined,
        custom: !type.startsWith("data-platform:"),
        read: false,
        inputs,
        secretPaths: [],
        computedPaths: [],
        dependencies: [],
        propertyDependencies: {},
        protect: false,
        deleteBeforeReplace: undefined,
        retainOnDelete: false,
        provider: undefined,
        aliases: [],
        ignoreChanges: [],
        customTimeouts: {},
        hooks: {},
        outputs: {},
        ...more,
    };
}

/** A planned Kubernetes object; `kind` is as in `apps/v1:StatefulSet`, and `path` its namespace and name. */
export function object(
    kind: string,
    path: string,
    inputs: Readonly<Record<string, unknown>> = {},
    more: Partial<PlannedResource> = {},
): PlannedResource {
    const [version = "", name = ""] = kind.split(":");
    const [first = "", second] = path.split("/");
    const metadata = second === undefined ? { name: first } : { namespace: first, name: second };
    const { metadata: own = {}, ...rest } = inputs as { metadata?: object };
    return planned(
        `kubernetes:${version === "v1" ? "core/v1" : version}:${name}`,
        more.name ?? second ?? first,
        { apiVersion: version, kind: name, metadata: { ...metadata, ...own }, ...rest },
        more,
    );
}
