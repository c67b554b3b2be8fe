/** What of a stack's plan selects pods that no plan holds, since Teraslice starts them for jobs. */
export const startedByTeraslice = [
    "teraslice-execution-controller-network",
    "teraslice-worker-network",
    "teraslice-monitor-execution-controller",
    "teraslice-monitor-worker",
    "teraslice-controllers-budget",
];
