/*
 * The id that Twister2 gives a job: JobIDUtils of 0.8.0. It becomes the name of the job's Services, ConfigMap, claim and
 * StatefulSets, and a label of its pods.
 */

/** Longest id: a StatefulSet's pods carry `<name>-<hash>` in a label of 63 characters. */
export const longestJobId = 49;
const longestUser = 9;
const longestJob = 30;
const longestTime = 8;

/** Begin of the time in ids, 31 December 2018 21:00 UTC, in milliseconds. */
const epoch = 1_546_290_000_000;

const conforming = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

/** What a name becomes as part of an id. The order of the steps is Twister2's: the last may leave a `-` at the end. */
function part(name: string, longest: number): string {
    if (name.length <= longest && conforming.test(name)) {
        return name;
    }
    return name
        .replaceAll(/[_.]/g, "-")
        .toLowerCase()
        .replaceAll(/[^a-z0-9-]/g, "")
        .replace(/^[^a-z]/, "a")
        .replace(/-$/, "z")
        .slice(0, longest);
}

/** What the name of a job becomes in its id: at most 30 lower-case letters, digits and `-`. */
export function jobNamePart(name: string): string {
    return part(name, longestJob);
}

/** What the name of a user becomes in the ids of its jobs: at most 9 lower-case letters, digits and `-`. */
export function userNamePart(name: string): string {
    return part(name, longestUser);
}

/** The time of a submission in a job's id: milliseconds in base 36. */
export function timePart(milliseconds: number): string {
    return (milliseconds - epoch).toString(36).slice(-longestTime);
}

/**
 * The id of a job, which starts the names of all its objects.
 *
 * @param submission.time in milliseconds since 1970
 */
export function jobId(submission: { readonly user: string; readonly job: string; readonly time: number }): string {
    const user = userNamePart(submission.user);
    return [...(user === "" ? [] : [user]), jobNamePart(submission.job), timePart(submission.time)].join("-");
}
