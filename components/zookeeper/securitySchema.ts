import { z } from "zod";
import { certificateSettings } from "../foundation/certificates";
import { loginSettings } from "../foundation/credentials";
import { certificatePem, dnsLabel, flag, oneOf, settings } from "../foundation/values";

/** How an external ensemble is reached with TLS. */
export const externalTlsSettings = settings({
    caCertificate: certificatePem()
        .optional()
        .describe(
            "Certificates of the authorities that signed the members' certificates, PEM. Default: what the clients' images trust.",
        ),
});

/** Encryption of both kinds of connection. */
export const tlsSettings = settings({
    client: oneOf("off", "optional", "required")
        .default("off")
        .describe(
            "TLS for clients. off: none. optional: on port 2281, beside 2181 without it. required: on port 2281 only; 2181 then listens on the loopback address alone, for the probes. Default off.",
        ),
    clientCertificates: oneOf("none", "want", "need")
        .default("none")
        .describe(
            "Certificates of clients (ssl.clientAuth). none: not asked for. want: checked where a client shows one. need: no connection without one. Default none.",
        ),
    quorum: oneOf("off", "accepted", "preferred", "required")
        .default("off")
        .describe(
            "TLS between the members. off: none. accepted: members open connections without it, and accept both. preferred: they open connections with it, and accept both. required: nothing without it. A new ensemble may start with any; a running one goes one step at a time, or its members can't talk while they are rolled. Default off.",
        ),
    certificates: certificateSettings.describe(
        "Where the members' certificates come from. An existing one must name every member and the Service, for servers and for clients.",
    ),
    caCertificate: certificatePem()
        .optional()
        .describe(
            "With existing certificates: those of their authorities, PEM, for this stack's own clients. Default: what the clients' images trust.",
        ),
})
    .refine((given) => given.client !== "off" || given.clientCertificates === "none", {
        path: ["clientCertificates"],
        error: "none where client is off, since there is no TLS for clients",
    })
    .refine(
        (given) =>
            given.caCertificate === undefined || (given.certificates.kind === "existing" && given.client !== "off"),
        {
            path: ["caCertificate"],
            error: "nothing, unless clients use TLS with existing certificates",
        },
    )
    .prefault({});

/** Logins of clients, by SASL with DIGEST-MD5. */
export const authenticationSettings = settings({
    required: flag()
        .default(true)
        .describe(
            "Whether a client without a login is refused (sessionRequireClientSASLAuth). Without it, logins only count where nodes have access lists. Default true.",
        ),
    superUser: loginSettings({ username: "super" }).describe(
        "Login that no access list stops, for operators. It is also the one that zkCli.sh inside a member uses.",
    ),
    users: z
        .record(dnsLabel(20), loginSettings({ username: "client" }))
        .refine((users) => Object.keys(users).length > 0, { error: "at least one login" })
        .prefault({ client: { kind: "generated" } })
        .describe("Logins of clients, by a short name for each. Default: one, client."),
}).superRefine((given, context) => {
    const seen = new Set(usernameOf(given.superUser));
    for (const [key, user] of Object.entries(given.users)) {
        for (const username of usernameOf(user)) {
            if (seen.has(username)) {
                context.addIssue({
                    code: "custom",
                    path: ["users", key, "username"],
                    message: "a user name that no other login has",
                });
            }
            seen.add(username);
        }
    }
});

export type TlsSettings = z.output<typeof tlsSettings>;
export type AuthenticationSettings = z.output<typeof authenticationSettings>;
export type LoginSettings = AuthenticationSettings["superUser"];

/** The name of a generated login; that of an existing one only its Secret knows. */
function usernameOf(login: LoginSettings): readonly string[] {
    return login.kind === "generated" ? [login.username] : [];
}
