/** How urgent an alert is: somebody is called, or looks at it in the day's work. */
export type Severity = "critical" | "warning";

/** A sign of danger, and what to do about it. */
export interface Alert {
    /** Name, unique in its system and beginning with it: `ZooKeeperSlowFsync`. */
    readonly name: string;
    /** PromQL that yields a series for each thing in danger, restricted to the system's own series. */
    readonly expr: string;
    /** How long it must have held, as a Prometheus duration. */
    readonly for: string;
    readonly severity: Severity;
    /** One line. It may name labels of the series: `{{ $labels.pod }}`. */
    readonly summary: string;
    /** What it means, and what to do about it. */
    readonly description: string;
    /**
     * Page of the project that says how the system is operated.
     *
     * @default none
     */
    readonly runbook?: string;
}
