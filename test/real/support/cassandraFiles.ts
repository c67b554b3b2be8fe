import { mkdir, readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";
import type { Plan } from "../../../bin/plan/plan";
import { configureScript, scriptPlaces } from "../../../components/cassandra/nodeScripts";
import { all, at, find, mapAt } from "../../support/plans";
import { run, succeeded } from "../../e2e/support/run";

/** Loads each file as the server does, up to the point where it would open its sockets. */
export const loaderSource = `import org.apache.cassandra.config.Config;
import org.apache.cassandra.config.DatabaseDescriptor;

public class Load {
    public static void main(String[] files) throws Exception {
        System.setProperty("cassandra.config", "file://" + files[0]);
        try {
            DatabaseDescriptor.daemonInitialization();
            Config config = DatabaseDescriptor.getRawConfig();
            System.out.println("LOADED " + config.cluster_name + " " + DatabaseDescriptor.getAuthenticator().getClass().getSimpleName()
                + " " + DatabaseDescriptor.getAuthorizer().getClass().getSimpleName()
                + " internode=" + config.server_encryption_options.internode_encryption
                + " clients=" + config.client_encryption_options.getEnabled()
                + " ttl=" + config.auto_snapshot_ttl);
            System.exit(0);
        } catch (Throwable fault) {
            for (Throwable each = fault; each != null; each = each.getCause()) {
                System.out.println("REFUSED " + each.getMessage());
            }
            System.exit(3);
        }
    }
}
`;

const openssl = async (folder: string, ...command: readonly string[]) =>
    succeeded(
        `openssl ${command[0] ?? ""}`,
        await run("openssl", command, { directory: folder, environment: process.env }),
    );

/**
 * A folder as a Secret of certificates is mounted: the key with its certificate, and whom to trust.
 *
 * @param authority folder of the authority, made where it is not there
 */
export async function certificateFolder(folder: string, authority: string, uses: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    await mkdir(authority, { recursive: true });
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    const made = await readFile(path.join(authority, "ca.pem"), "utf8").catch(() => undefined);
    if (made === undefined) {
        const own = ["-keyout", "ca.key", "-out", "ca.pem", "-subj", `/CN=${path.basename(authority)}`, "-days", "2"];
        await openssl(authority, "req", "-x509", ...curve, ...own, "-addext", "keyUsage=critical,keyCertSign");
    }
    await openssl(folder, "req", ...curve, "-keyout", "own.key", "-out", "own.csr", "-subj", "/CN=node");
    await writeFile(
        path.join(folder, "extensions"),
        `keyUsage=digitalSignature\nextendedKeyUsage=${uses}\nsubjectAltName=DNS:localhost\n`,
    );
    const signing = [
        "-CA",
        path.join(authority, "ca.pem"),
        "-CAkey",
        path.join(authority, "ca.key"),
        "-CAcreateserial",
    ];
    const result = ["-out", "own.pem", "-days", "2", "-extfile", "extensions"];
    await openssl(folder, "x509", "-req", "-in", "own.csr", ...signing, ...result);
    const [key, own, trusted] = await Promise.all(
        [path.join(folder, "own.key"), path.join(folder, "own.pem"), path.join(authority, "ca.pem")].map((file) =>
            readFile(file, "utf8"),
        ),
    );
    await writeFile(path.join(folder, "node.pem"), `${key ?? ""}${own ?? ""}`);
    await writeFile(path.join(folder, "trusted.pem"), trusted ?? "");
}

/** Runs the planned configuration of a datacenter's first node as its init container does; the folder that it fills. */
export async function configuredNode(plan: Plan, name: string, root: string): Promise<string> {
    const under = (part: string) => path.join(root, part);
    await Promise.all(["files", "image", "config", "data"].map((part) => mkdir(under(part), { recursive: true })));
    await writeFile(path.join(under("image"), "jvm17-server.options"), "");
    const rackdc = all(plan, "ConfigMap").find((each) => String(at(each.inputs, "metadata.name")).endsWith("-rackdc"));
    const files = {
        ...mapAt(find(plan, "ConfigMap", `${name}-config`).inputs, "data"),
        ...mapAt(rackdc?.inputs, "data"),
    };
    for (const [file, text] of Object.entries(files)) {
        await writeFile(path.join(under("files"), file), String(text));
    }
    const rack = String(at(rackdc?.inputs, "metadata.name")).slice(`${name}-`.length, -"-rackdc".length);
    const own = { files: under("files"), image: under("image"), config: under("config"), data: under("data") };
    const script = configureScript({ ...scriptPlaces, ...own, tries: 1, pause: 0 });
    const first = { POD_IP: "127.0.0.1", POD_NAME: `${name}-${rack}-0`, RACK: rack, RACKS: "1", REPLICAS: "3" };
    const ended = await run("bash", ["-c", script], { environment: { ...process.env, ...first } });
    succeeded("the init container", ended);
    // Names of the cluster's own lead nowhere on this machine.
    const file = path.join(under("config"), "cassandra.yaml");
    await writeFile(file, (await readFile(file, "utf8")).replace(/seeds: ".*"/, 'seeds: "127.0.0.1"'));
    return under("config");
}
