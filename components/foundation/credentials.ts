import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { z } from "zod";
import { dnsName, settings, text, variants, whole, words } from "./values";

/** A counter that is raised to renew something. Default 0. */
export const counter = () => whole(0, 1_000_000).default(0);

/** A counter that is raised to renew what it stands beside. */
export const rotationSetting = (renews: string) =>
    counter().describe(`Raise it by one to renew ${renews}; its users are restarted, and nothing else. Default 0.`);

/** Name of a user, as files of users and command lines take it. */
export const userName = () =>
    text(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 63, "a user name: at most 63 letters, digits, ., _ and -, not first");

/** A login that the program generates and keeps in the stack's state. */
export const generatedLogin = (defaults: { readonly username: string }) =>
    settings({
        kind: z.literal("generated").describe("A random password of 32 letters and digits; the default."),
        username: userName().default(defaults.username).describe(`Name of the user. Default ${defaults.username}.`),
        rotation: rotationSetting("the password"),
    });

/**
 * A login: generated and kept in the stack's state, or in a Secret that exists in the namespace before its pods start.
 *
 * @param defaults name of the user, where the login is generated
 */
export function loginSettings(defaults: { readonly username: string }) {
    return variants("kind", [
        generatedLogin(defaults),
        settings({
            kind: z.literal("existing").describe("A Secret that exists in the namespace before the pods do."),
            secretName: dnsName().describe("Name of the Secret."),
            usernameKey: words().default("username").describe("Its key with the user's name. Default username."),
            passwordKey: words().default("password").describe("Its key with the password. Default password."),
            rotation: rotationSetting("what the pods have read of it, after its content has changed"),
        }),
    ]).prefault({ kind: "generated" });
}

/** Length of generated passwords: 32 of 62 characters are 190 bits. */
const passwordLength = 32;

/** A generated password. Both values are secret. */
export interface GeneratedPassword {
    readonly password: pulumi.Output<string>;
    /** Its bcrypt hash, `$2a$10$…`, for servers that keep hashes; it changes only with the password. */
    readonly bcryptHash: pulumi.Output<string>;
}

/**
 * A password of 32 letters and digits, which stays the same until `rotation` changes. Put `rotation` into the config
 * hash of the pods that use it: the password itself must not be hashed there.
 */
export function generatedPassword(
    name: string,
    args: { readonly rotation: number },
    opts: pulumi.CustomResourceOptions,
): GeneratedPassword {
    const generated = new random.RandomPassword(
        name,
        // No special characters: it ends up in URLs, shell lines and YAML.
        { length: passwordLength, special: false, keepers: { rotation: String(args.rotation) } },
        opts,
    );
    return { password: generated.result, bcryptHash: generated.bcryptHash };
}
