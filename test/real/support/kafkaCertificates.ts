import { mkdir, readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";
import type { Plan } from "../../../bin/plan/plan";
import { run, succeeded } from "../../e2e/support/run";
import { all, at, find, listAt } from "../../support/plans";

/** PEM texts of a certificate and its key. */
export interface Pem {
    readonly certificate: string;
    readonly key: string;
}

async function openssl(...given: readonly string[]): Promise<void> {
    succeeded("openssl", await run("openssl", given, { environment: process.env }));
}

const extendedUse: Readonly<Record<string, string>> = { server_auth: "serverAuth", client_auth: "clientAuth" };

/** Makes with OpenSSL what a plan only has placeholders for: authorities, and what they sign. */
export class LocalCertificates {
    readonly #authorities = new Map<string, { readonly key: string; readonly certificate: string }>();
    #serial = 1;

    constructor(private readonly folder: string) {}

    /** A certificate as the plan's resources of a name say: by which authority, for which names and uses. */
    public async signed(plan: Plan, cluster: string, child: string): Promise<Pem> {
        const [resource] = all(plan, "LocallySignedCert").filter(({ name }) =>
            new RegExp(`^${child}-certificate-[0-9]+$`).test(name),
        );
        if (resource === undefined) {
            throw new Error(`no certificate ${child} in the plan`);
        }
        const rotation = resource.name.slice(`${child}-certificate-`.length);
        const request = find(plan, "CertRequest", `${child}-request-${rotation}`).inputs;
        const names = at(request, "dnsNames") === undefined ? [] : listAt(request, "dnsNames").map(String);
        const uses = listAt(resource.inputs, "allowedUses").map(String);
        return this.sign(await this.authority(`${cluster}-authority-${rotation}`), {
            commonName: String(at(request, "subject.commonName")),
            extensions: [
                "keyUsage=critical,digitalSignature",
                `extendedKeyUsage=${uses.flatMap((use) => extendedUse[use] ?? []).join(",")}`,
                ...(names.length === 0 ? [] : [`subjectAltName=${names.map((each) => `DNS:${each}`).join(",")}`]),
            ],
        });
    }

    /** A certificate of an authority that no plan knows. */
    public async foreign(commonName: string): Promise<Pem> {
        const by = await this.authority("somebody-else");
        return this.sign(by, { commonName, extensions: ["extendedKeyUsage=clientAuth"] });
    }

    /** The authorities that a plan's cluster trusts. */
    public async trusted(plan: Plan, cluster: string): Promise<string> {
        const names = all(plan, "SelfSignedCert")
            .map(({ name }) => name.replace(/-certificate$/, ""))
            .filter((name) => name.startsWith(`${cluster}-authority-`));
        const files: string[] = [];
        for (const name of names) {
            files.push((await this.authority(name)).certificate);
        }
        return (await Promise.all(files.map((file) => readFile(file, "utf8")))).join("");
    }

    private async authority(name: string) {
        const made = this.#authorities.get(name);
        if (made !== undefined) {
            return made;
        }
        await mkdir(this.folder, { recursive: true });
        const [key, certificate] = [path.join(this.folder, `${name}.key`), path.join(this.folder, `${name}.crt`)];
        this.#authorities.set(name, { key, certificate });
        await this.newKey(key);
        const usage = ["-addext", "keyUsage=critical,keyCertSign,cRLSign", "-days", "2"];
        await openssl("req", "-x509", "-new", "-key", key, "-subj", `/CN=${name}`, ...usage, "-out", certificate);
        return { key, certificate };
    }

    private newKey(file: string): Promise<void> {
        return openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", file);
    }

    private async sign(
        by: { readonly key: string; readonly certificate: string },
        subject: { readonly commonName: string; readonly extensions: readonly string[] },
    ): Promise<Pem> {
        const serial = this.#serial++;
        const file = (extension: string) => path.join(this.folder, `signed-${serial}.${extension}`);
        await this.newKey(file("key"));
        await writeFile(file("ext"), `${subject.extensions.join("\n")}\n`);
        await openssl("req", "-new", "-key", file("key"), "-subj", `/CN=${subject.commonName}`, "-out", file("csr"));
        const authority = ["-CA", by.certificate, "-CAkey", by.key, "-set_serial", String(Date.now() + serial)];
        const days = ["-days", "2", "-extfile", file("ext")];
        await openssl("x509", "-req", "-in", file("csr"), ...authority, ...days, "-out", file("crt"));
        return { certificate: await readFile(file("crt"), "utf8"), key: await readFile(file("key"), "utf8") };
    }
}
