import { createHash } from "node:crypto";

/**
 * A line of a password file in the form `{SSHA}` (nginx, auth_basic_user_file): a salted SHA-1.
 *
 * nginx computes the hash for every request, in the worker that serves everybody else too: bcrypt of cost 10 took 67 ms
 * of a core there, this one less than 1 ms. A slow hash protects passwords that can be guessed; a generated one has 190
 * bits.
 */
export function htpasswdLine(username: string, password: string, salt: string): string {
    const digest = createHash("sha1").update(password).update(salt).digest();
    return `${username}:{SSHA}${Buffer.concat([digest, Buffer.from(salt)]).toString("base64")}\n`;
}

/** The salt of a bcrypt hash, `$2a$10$<22 characters of salt><hash>`: random, and as lasting as its password. */
export function bcryptSalt(hash: string): string {
    return hash.slice(7, 29);
}
