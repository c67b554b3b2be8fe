import { z } from "zod";
import { settings, whole, words } from "../../../components/foundation/values";
import { violation } from "../../message";
import type { ContainerView, PodTemplateView } from "../../views/podTemplates";
import { at } from "../../views/raw";
import { defineRule, usualLevels } from "../../rule";
import { systemEntry, type SystemTable, tableKeys } from "../../views/systemTable";
import { collect } from "../../views/unknown";

/** Seconds that each system needs to stop, by its fact sheet (docs of its release) and the parts of its own stop. */
const defaultSeconds: SystemTable<number> = {
    // Flushes what is in memory; a killed bookie replays its journal.
    "bookkeeper/bookie": 60,
    // `nodetool drain` writes the memtables to disk: minutes with large ones.
    "cassandra/node": 300,
    // cluster.services.shutdown-timeout is 30 s.
    "flink/jobmanager": 60,
    "flink/taskmanager": 30,
    // An upload under way and the drain before it.
    "heron/apiserver": 60,
    heron: 30,
    // Controlled shutdown moves the leaders (120 s), after a gate that waits for in-sync replicas.
    "kafka/broker": 300,
    "kafka/controller": 120,
    // Flushes its translog and hands its shards over; the chart of the project has 120 s.
    opensearch: 120,
    "redis/data": 60,
    // shutdown_timeout is 60 s, and the parent kills 3 s later.
    "teraslice/master": 75,
    "teraslice/worker": 75,
    "teraslice/execution_controller": 75,
    "twister2/dashboard": 30,
    "uploader/server": 60,
    "zookeeper/member": 60,
};

/** What a system must do before it is asked to stop, by a word of the command. */
const defaultPreStop: SystemTable<string> = {
    "cassandra/node": "drain",
    // Requests still come in until every proxy knows that the pod is going.
    "dashboard/proxy": "sleep",
    "heron/apiserver": "sleep",
    "kafka/broker": "gate",
    "kafka/controller": "gate",
    "uploader/server": "sleep",
};

/** What Kubernetes takes where a pod says nothing. */
const kubernetesDefault = 30;

/** Kinds whose pods end by themselves: a Job's pod has nothing to hand over. */
const ending: ReadonlySet<string> = new Set(["CronJob", "Job", "SparkApplication", "ScheduledSparkApplication"]);

export const terminationGrace = defineRule({
    name: "operations-termination-grace",
    description:
        "A pod that is asked to stop has the time that its system needs for it, and does first what must come first.",
    severity: "high",
    remediation:
        "Raise terminationGracePeriodSeconds, or add the preStop command that the message names. A pod that is killed before it has stopped loses work, or recovers for long at its next start.",
    levels: usualLevels,
    settings: settings({
        seconds: z
            .record(words(), whole(1, 86_400))
            .default({ ...defaultSeconds })
            .describe(`Least terminationGracePeriodSeconds, ${tableKeys}.`),
        preStop: z
            .record(words(), z.string())
            .default({ ...defaultPreStop })
            .describe(
                `What the preStop command of one container must mention; an empty text asks for none; ${tableKeys}.`,
            ),
        otherwise: whole(1, 86_400).default(5).describe("Least terminationGracePeriodSeconds of all other pods."),
    }),
    check: ({ kind, podTemplates }, { seconds, preStop, otherwise }) =>
        collect(podTemplates, (template) => {
            const lasts = !ending.has(kind);
            const least = (): number =>
                lasts ? (systemEntry({ ...defaultSeconds, ...seconds }, template.labels) ?? otherwise) : 1;
            const word = (): string =>
                lasts ? (systemEntry({ ...defaultPreStop, ...preStop }, template.labels) ?? "") : "";
            const checks = [() => graceFaults(template, least()), () => preStopFaults(template, word())];
            return collect(checks, (check) => check());
        }),
});

function graceFaults(template: PodTemplateView, least: number): string[] {
    const path = at(at(template.path, "spec"), "terminationGracePeriodSeconds");
    const given: unknown = template.spec.terminationGracePeriodSeconds ?? undefined;
    if (template.partial && given === undefined) {
        return [];
    }
    const grace = Number(given ?? kubernetesDefault);
    const longest = Math.max(0, ...hooksOf(template).map(({ sleep }) => sleep));
    return [
        ...(grace >= least ? [] : [violation(path, `at least ${least}`, given)]),
        // The time of preStop counts against the grace (Pod lifecycle, "Pod termination").
        ...(longest === 0 || grace > longest
            ? []
            : [violation(path, `more than the ${longest} seconds that preStop sleeps`, grace)]),
    ];
}

function preStopFaults(template: PodTemplateView, word: string): string[] {
    const hooks = word === "" || template.partial ? [] : hooksOf(template);
    return word === "" || template.partial || hooks.some(({ text }) => text.includes(word))
        ? []
        : [
              violation(
                  at(at(template.path, "spec"), "containers"),
                  `a container whose lifecycle.preStop runs a command with "${word}"`,
                  hooks.length === 0 ? undefined : hooks.map(({ text }) => text).join("; "),
              ),
          ];
}

/** What a preStop hook runs, and how long it only waits. */
interface Hook {
    readonly text: string;
    readonly sleep: number;
}

function hooksOf(template: PodTemplateView): Hook[] {
    return template.containers
        .filter(({ role }) => role !== "ephemeralContainer")
        .flatMap((container) => hookOf(container) ?? []);
}

function hookOf({ spec }: ContainerView): Hook | undefined {
    const hook = spec.lifecycle?.preStop;
    if (hook === undefined) {
        return undefined;
    }
    const { exec, sleep, httpGet } = hook;
    if (sleep !== undefined) {
        return { text: `sleep ${sleep.seconds}`, sleep: sleep.seconds };
    }
    const text = exec?.command?.join(" ") ?? httpGet?.path ?? "";
    const [, seconds] = /(?:^|[\s;/])sleep (\d+)\s*$/.exec(text) ?? [];
    return { text, sleep: Number(seconds ?? 0) };
}
