/** A defect of a system's official manifests, or a trap of the system, that this project must not have. */
export interface Pitfall {
    /** `<system>-P<number in the fact sheet>`; tests that catch it have it in brackets in their titles. */
    readonly id: string;
    /** What goes wrong elsewhere. */
    readonly defect: string;
    /** The spec file whose tests catch it. */
    readonly spec: string;
    /** A change of one place that brings the defect in, and makes those tests red. */
    readonly break: {
        readonly file: string;
        /** Occurs once in the file. */
        readonly find: string;
        readonly replace: string;
    };
}
