import { dnsName, settings, text, words } from "./values";

/**
 * The Secret with an access key of S3, or of a store with its protocol.
 *
 * @param where it is, in the words of the description: "the control namespace"
 */
export const accessKeySettings = (where: string) =>
    settings({
        secretName: dnsName().describe(`Name of a Secret that exists in ${where}.`),
        accessKeyIdKey: words()
            .default("AWS_ACCESS_KEY_ID")
            .describe("Its key with the access key's id. Default AWS_ACCESS_KEY_ID."),
        secretAccessKeyKey: words()
            .default("AWS_SECRET_ACCESS_KEY")
            .describe("Its key with the secret access key. Default AWS_SECRET_ACCESS_KEY."),
    });

/** What the keys of all packages in a bucket begin with. */
export const packagePrefix = (standard: string) =>
    text(
        /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/,
        200,
        "parts of letters, digits, ., _ and -, joined by /, with none at either end",
    )
        .default(standard)
        .describe(`First part of the keys of all packages, without / at either end. Default ${standard}.`);
