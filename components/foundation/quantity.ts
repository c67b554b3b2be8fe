/**
 * Kubernetes quantities as plain numbers: cores for CPU, bytes for memory and storage.
 *
 * The grammar is the one of `k8s.io/apimachinery/pkg/api/resource.Quantity`: a decimal number with a binary suffix
 * (Ki … Ei), a decimal one (n, u, m, k, M … E) or an exponent.
 */
const factors: Readonly<Record<string, number>> = {
    "": 1,
    n: 1e-9,
    u: 1e-6,
    m: 1e-3,
    k: 1e3,
    M: 1e6,
    G: 1e9,
    T: 1e12,
    P: 1e15,
    E: 1e18,
    Ki: 2 ** 10,
    Mi: 2 ** 20,
    Gi: 2 ** 30,
    Ti: 2 ** 40,
    Pi: 2 ** 50,
    Ei: 2 ** 60,
};

const grammar = /^(\d+(?:\.\d*)?|\.\d+)(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d{1,2}))?$/;

/** Whether the text is a quantity that is not negative. */
export function isQuantity(text: string): boolean {
    return grammar.test(text);
}

/**
 * The number behind a quantity: cores for CPU, bytes for memory and storage.
 *
 * @throws Error when the text is no quantity.
 */
export function parseQuantity(text: string): number {
    const match = grammar.exec(text);
    if (match === null) {
        throw new Error(`"${text}" is not a Kubernetes quantity`);
    }
    const [, digits, suffix, exponent] = match;
    const factor = exponent === undefined ? factors[suffix ?? ""] : 10 ** Number(exponent);
    // Rounded to nano units, the finest that Kubernetes knows, so that 0.1 and 100m are the same number.
    const value = Number(digits) * (factor ?? 1);
    return value < 1e6 ? Math.round(value * 1e9) / 1e9 : value;
}

/** Cores as a CPU quantity: whole cores as a number, anything else in millicores, rounded up. */
export function formatCpu(cores: number): string {
    return Number.isInteger(cores) ? String(cores) : `${Math.ceil(Math.round(cores * 1e9) / 1e6)}m`;
}

/**
 * Bytes as a quantity with the largest binary suffix that leaves at most one decimal, for people and for manifests.
 * Never less than the bytes, and less than a mebibyte more.
 */
export function formatBytes(bytes: number): string {
    for (const suffix of ["Ti", "Gi", "Mi", "Ki"]) {
        const factor = factors[suffix] ?? 1;
        const amount = Math.round((bytes / factor) * 10) / 10;
        const excess = amount * factor - bytes;
        if (amount >= 1 && excess >= 0 && excess < 1) {
            return `${amount}${suffix}`;
        }
    }
    return bytes >= 2 ** 20 ? `${Math.ceil(bytes / 2 ** 20)}Mi` : String(Math.ceil(bytes));
}

/** Java heap in MiB: as given, or a share of the memory, rounded down. */
export function heapMebibytes(heap: string | undefined, memory: string, share: number): number {
    return heap === undefined ? Math.floor((parseQuantity(memory) / 2 ** 20) * share) : mebibytes(heap);
}

/** Whole mebibytes in a memory quantity, rounded down: the unit in which JVM and Node heaps are given. */
export function mebibytes(memory: string): number {
    return Math.floor(parseQuantity(memory) / 2 ** 20);
}
