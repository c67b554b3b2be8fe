import { z } from "zod";
import { settings, whole, words } from "../../../components/foundation/values";
import { factor } from "../../views/amounts";
import { violation } from "../../message";
import type { Container, ContainerView } from "../../views/podTemplates";
import { type Fields, fieldsAt, isFields, listAt } from "../../views/raw";
import { defineRule, usualLevels } from "../../rule";
import { systemEntry, type SystemTable, systemOf, tableKeys } from "../../views/systemTable";
import { collect } from "../../views/unknown";

/** Seconds that a start may take before the liveness probe may end it: each system's, as its sheet or release says. */
const defaultStart: SystemTable<number> = {
    bookkeeper: 300,
    // Reads its commit log again before it opens the first port.
    "cassandra/node": 300,
    flink: 180,
    heron: 180,
    // Reads a log again that was not closed.
    "kafka/broker": 300,
    "kafka/controller": 300,
    opensearch: 300,
    teraslice: 300,
    "twister2/dashboard": 180,
    // Reads its snapshot.
    "zookeeper/member": 300,
};

/** Containers beside a server which must not take it from its clients when they fail. */
const defaultBeside = ["cassandra/agent"];

/** The workloads whose containers run until they are stopped. */
const lasting: ReadonlySet<string> = new Set(["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"]);

export const probes = defineRule({
    name: "operations-probes",
    description:
        "Every lasting container that serves ports is probed: readiness takes it from its clients, liveness restarts it later and for other reasons, and neither ends a start.",
    severity: "high",
    remediation:
        "Give the container the probe, or the time, that the message names. Liveness must bear more than readiness does: a restart during an overload makes it worse.",
    levels: usualLevels,
    settings: settings({
        patience: factor(1.25).describe("How many times longer liveness must fail than readiness before it acts."),
        patienceSameCheck: factor(3).describe("The same where both ask the same thing."),
        startSeconds: z
            .record(words(), whole(1, 86_400))
            .default({ ...defaultStart })
            .describe(`Seconds that a start may take before liveness ends it, ${tableKeys}.`),
        startOtherwise: whole(0, 86_400).default(60).describe("The same for all other pods."),
        beside: z
            .array(words())
            .default(defaultBeside)
            .describe(
                "Containers without readiness, as <name of the pod's system>/<name of the container>: what stands beside a server and must not take it from its clients.",
            ),
    }),
    check: ({ kind, podTemplates }, given) =>
        lasting.has(kind)
            ? collect(podTemplates, (template) =>
                  collect(template.containers.filter(isLasting), (container) => containerFaults(container, given)),
              )
            : [],
});

interface Settings {
    readonly patience: number;
    readonly patienceSameCheck: number;
    readonly startSeconds: SystemTable<number>;
    readonly startOtherwise: number;
    readonly beside: readonly string[];
}

/** A container, or an init container that runs beside the others (a sidecar). */
function isLasting({ role, spec }: ContainerView): boolean {
    return role === "container" || (role === "initContainer" && spec.restartPolicy === "Always");
}

function containerFaults({ label, template, spec }: ContainerView, given: Settings): string[] {
    // Read one by one: one that is not known yet does not keep the others from being judged.
    const readiness = (): Fields | undefined => probeOf(spec, "readinessProbe");
    const liveness = (): Fields | undefined => probeOf(spec, "livenessProbe");
    const startup = (): Fields | undefined => probeOf(spec, "startupProbe");
    const beside = (): boolean => given.beside.includes(`${systemOf(template.labels).name}/${spec.name}`);
    const serves = (): boolean => !template.partial && (spec.ports ?? []).length > 0;
    const checks: readonly (() => readonly string[])[] = [
        () =>
            serves() && readiness() === undefined && !beside()
                ? [violation(label, "a readinessProbe, for it serves ports", undefined)]
                : [],
        () =>
            serves() && liveness() === undefined
                ? [violation(label, "a livenessProbe, for it serves ports", undefined)]
                : [],
        () => timingFaults(`${label} startupProbe`, startup()),
        () => timingFaults(`${label} readinessProbe`, readiness()),
        () => timingFaults(`${label} livenessProbe`, liveness()),
        () => patienceFaults(label, readiness(), liveness(), given),
        () => {
            const system = systemEntry({ ...defaultStart, ...given.startSeconds }, template.labels);
            const needed = (beside() ? undefined : system) ?? given.startOtherwise;
            return template.partial ? [] : startFaults(label, startup(), liveness(), needed);
        },
    ];
    return collect(checks, (check) => check());
}

function probeOf(spec: Container, name: "startupProbe" | "readinessProbe" | "livenessProbe"): Fields | undefined {
    const probe: unknown = spec[name];
    return isFields(probe) ? probe : undefined;
}

function startFaults(
    label: string,
    startup: Fields | undefined,
    liveness: Fields | undefined,
    needed: number,
): string[] {
    const [name, advice, probe] =
        startup === undefined ? ["livenessProbe", "a startupProbe with ", liveness] : ["startupProbe", "", startup];
    return probe === undefined || timeUntil(probe) >= needed
        ? []
        : [
              violation(
                  `${label} ${name}`,
                  `at least ${needed} seconds for a start (${advice}periodSeconds times failureThreshold)`,
                  timeUntil(probe),
              ),
          ];
}

// What Kubernetes takes where a probe says nothing (core/v1 Probe).
const timing = (probe: Fields) => ({
    period: Number(probe.periodSeconds ?? 10),
    timeout: Number(probe.timeoutSeconds ?? 1),
    failures: Number(probe.failureThreshold ?? 3),
    delay: Number(probe.initialDelaySeconds ?? 0),
});

/** Seconds of failure in a row after which a probe acts. */
function budgetOf(probe: Fields): number {
    const { period, failures } = timing(probe);
    return period * failures;
}

/** Seconds after the start of the container at which a probe acts at the earliest. */
const timeUntil = (probe: Fields): number => timing(probe).delay + budgetOf(probe);

/** The handlers of a probe. Exactly one of them must be there. */
const handlers = ["exec", "httpGet", "tcpSocket", "grpc"];

function timingFaults(place: string, probe: Fields | undefined): string[] {
    if (probe === undefined) {
        return [];
    }
    const { period, timeout } = timing(probe);
    const given = handlers.filter((handler) => isFields(probe[handler]));
    return [
        ...(given.length === 1
            ? []
            : [violation(place, `one of ${handlers.join(", ")}`, given.length === 0 ? undefined : given.join(", "))]),
        ...(asksNothing(probe) ? [violation(`${place}.exec`, "a command that asks something", commandOf(probe))] : []),
        ...(timeout <= period
            ? []
            : [violation(`${place}.timeoutSeconds`, `at most periodSeconds (${period})`, timeout)]),
    ];
}

const commandOf = (probe: Fields): string => listAt(fieldsAt(probe, "exec"), "command").map(String).join(" ");

/** Whether a command succeeds whatever the server does. */
const asksNothing = (probe: Fields): boolean =>
    isFields(probe.exec) && /^(\S*sh -\w*c )?(\S*\/)?(true|:|exit 0|echo\b[^|&;]*|)$/.test(commandOf(probe).trim());

function patienceFaults(
    label: string,
    readiness: Fields | undefined,
    liveness: Fields | undefined,
    given: Settings,
): string[] {
    if (readiness === undefined || liveness === undefined) {
        return [];
    }
    const same = handlers.every(
        (handler) => JSON.stringify(fieldsAt(readiness, handler)) === JSON.stringify(fieldsAt(liveness, handler)),
    );
    const least = budgetOf(readiness) * (same ? given.patienceSameCheck : given.patience);
    const found = budgetOf(liveness);
    return found >= least
        ? []
        : [
              violation(
                  `${label} livenessProbe`,
                  `to fail for at least ${least} seconds before it acts, ${same ? "for it asks what readiness asks" : "longer than readiness"} (${budgetOf(readiness)})`,
                  found,
              ),
          ];
}
