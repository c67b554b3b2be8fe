import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";
import type { Plan } from "../../../bin/plan/plan";
import { run, succeeded } from "../../e2e/support/run";
import { all, at, find, listAt } from "../../support/plans";
import type { Secrets } from "./zookeeper";

/** Options of {@link secretsOf}. */
export interface SecretsOptions {
    /** Where authorities are kept, so that plans of the same ensemble share them. */
    readonly folder: string;
    /**
     * Contents of the Secrets that hold no generated certificates: of logins a plan has placeholders only.
     *
     * @default none
     */
    readonly others?: Secrets;
    /**
     * The name on this machine of a name in a certificate. Members are all `localhost` here.
     *
     * @default localhost for each member
     */
    readonly named?: (dnsName: string) => string;
}

/**
 * Contents of a plan's Secrets. Certificates are made with OpenSSL as the plan's `tls` resources say: by which
 * authority, for which names and uses, and which authorities are trusted beside it.
 */
export async function secretsOf(plan: Plan, options: SecretsOptions): Promise<Secrets> {
    await mkdir(options.folder, { recursive: true });
    const names = all(plan, "Secret").map(({ inputs }) => String(at(inputs, "metadata.name")));
    const filled = await Promise.all(
        names.map(async (name) => [name, options.others?.[name] ?? (await contents(plan, name, options))] as const),
    );
    return { ...options.others, ...Object.fromEntries(filled) };
}

async function contents(plan: Plan, name: string, options: SecretsOptions): Promise<Record<string, string>> {
    const [, prefix = "", kind] = /^(.+?)-(client-tls|quorum-tls|tls)$/.exec(name) ?? [];
    if (kind === undefined) {
        throw new Error(`the content of Secret ${name} is not given`);
    }
    // Clients have the authority of the port that they connect to.
    const object = kind === "client-tls" ? `${prefix}-tls` : name;
    const authorities = all(plan, "SelfSignedCert").filter((each) => each.name.startsWith(`${object}-authority-`));
    const trusted = await Promise.all(
        authorities.map((each) => authority(options.folder, each.name.replace(/-certificate$/, ""))),
    );
    const child = `${object}-${kind === "client-tls" ? "client" : "member"}`;
    const signed = all(plan, "LocallySignedCert").find((each) => each.name.startsWith(`${child}-certificate-`));
    const authorityFile = {
        "ca.crt": (await Promise.all(trusted.map(({ certificate }) => readText(certificate)))).join(""),
    };
    if (signed === undefined) {
        return authorityFile;
    }
    const rotation = signed.name.slice(`${child}-certificate-`.length);
    const request = find(plan, "CertRequest", `${child}-request-${rotation}`).inputs;
    const own = await signedCertificate(
        options.folder,
        await authority(options.folder, `${object}-authority-${rotation}`),
        String(at(request, "subject.commonName")),
        (at(request, "dnsNames") === undefined ? [] : listAt(request, "dnsNames"))
            .map(String)
            .map(options.named ?? ((dnsName) => (dnsName.includes("-members.") ? "localhost" : dnsName))),
        listAt(signed.inputs, "allowedUses").map(String),
    );
    return { ...authorityFile, ...own };
}

const readText = (file: string): Promise<string> => readFile(file, "utf8");

interface Files {
    readonly key: string;
    readonly certificate: string;
}

async function openssl(...given: readonly string[]): Promise<void> {
    succeeded("openssl", await run("openssl", given, { environment: process.env }));
}

const newKey = (file: string) =>
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", file);

/** An authority of its own name, made once for each folder. */
const made = new Map<string, Promise<Files>>();
function authority(folder: string, name: string): Promise<Files> {
    const [key, certificate] = [path.join(folder, `${name}.key`), path.join(folder, `${name}.crt`)];
    const make = async (): Promise<Files> => {
        if (!existsSync(certificate)) {
            await newKey(key);
            const usage = ["-addext", "keyUsage=critical,keyCertSign,cRLSign"];
            await openssl(
                "req",
                "-x509",
                "-new",
                "-key",
                key,
                "-subj",
                `/CN=${name}`,
                "-days",
                "2",
                ...usage,
                "-out",
                certificate,
            );
        }
        return { key, certificate };
    };
    const present = made.get(certificate) ?? make();
    made.set(certificate, present);
    return present;
}

const extendedUse: Readonly<Record<string, string>> = { server_auth: "serverAuth", client_auth: "clientAuth" };
let serial = 0;

async function signedCertificate(
    folder: string,
    by: Files,
    commonName: string,
    dnsNames: readonly string[],
    uses: readonly string[],
): Promise<Record<string, string>> {
    const file = (extension: string) => path.join(folder, `signed-${number}.${extension}`);
    const number = (serial += 1);
    await newKey(file("key"));
    const extensions = [
        "keyUsage=critical,digitalSignature",
        `extendedKeyUsage=${uses.flatMap((use) => extendedUse[use] ?? []).join(",")}`,
        ...(dnsNames.length === 0 ? [] : [`subjectAltName=${dnsNames.map((each) => `DNS:${each}`).join(",")}`]),
    ];
    await writeFile(file("ext"), `${extensions.join("\n")}\n`);
    await openssl("req", "-new", "-key", file("key"), "-subj", `/CN=${commonName}`, "-out", file("csr"));
    const from = ["-CA", by.certificate, "-CAkey", by.key, "-set_serial", String(Date.now() + number)];
    await openssl(
        "x509",
        "-req",
        "-in",
        file("csr"),
        ...from,
        "-days",
        "2",
        "-extfile",
        file("ext"),
        "-out",
        file("crt"),
    );
    return { "tls.crt": await readText(file("crt")), "tls.key": await readText(file("key")) };
}
