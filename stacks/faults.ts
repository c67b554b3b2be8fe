import * as pulumi from "@pulumi/pulumi";
import { type Fault, formatFault } from "../components/foundation/faults";

/**
 * Everything wrong with a stack's configuration. The message is the complete list, one fault a line; Pulumi prints it
 * without a stack trace.
 */
export class ConfigFaults extends pulumi.RunError {
    constructor(
        public readonly source: string,
        public readonly faults: readonly Fault[],
    ) {
        const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
        super(
            [`${source} has ${count}; nothing was changed:`, ...faults.map((fault) => `  ${formatFault(fault)}`)].join(
                "\n",
            ),
        );
        this.name = "ConfigFaults";
    }
}
