import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import type { Labels } from "../foundation/labels";
import type { JobNamespaceSettings } from "./schema";

type OpenMpiSettings = JobNamespaceSettings["openMpi"];

/** Name of a generated Secret: that of the client's own file (network.yaml). */
const generatedName = "twister2-openmpi-ssh-key";

/** The Secret with the key pair, `kubernetes.secret.name`; none without OpenMPI jobs. */
export function openMpiSecretName(given: OpenMpiSettings): string | undefined {
    switch (given.kind) {
        case "none":
            return undefined;
        case "generated":
            return generatedName;
        case "existing":
            return given.secretName;
    }
}

/** The key pair with which the pods of an OpenMPI job log in to each other, where it is generated. */
export function openMpiKey(
    name: string,
    given: OpenMpiSettings,
    where: { readonly namespace: string; readonly labels: Labels },
    opts: pulumi.CustomResourceOptions,
): void {
    if (given.kind !== "generated") {
        return;
    }
    // RSA in PKCS 1: OpenSSH 7.2 of the image reads it. Only a new number makes a new key, whatever this program makes of
    // its arguments later: the pods of a job that runs could not log in to those that start after it.
    const key = new tls.PrivateKey(
        `${name}-key-${given.rotation}`,
        { algorithm: "RSA", rsaBits: 4096 },
        { ...opts, ignoreChanges: ["algorithm", "rsaBits"] },
    );
    new k8s.core.v1.Secret(
        `${name}-secret`,
        {
            metadata: { name: generatedName, ...where },
            type: "Opaque",
            // The start script copies each to the ssh folder under its own name (init_openmpi.sh).
            stringData: {
                id_rsa: pulumi.secret(key.privateKeyPem),
                "id_rsa.pub": key.publicKeyOpenssh,
                authorized_keys: key.publicKeyOpenssh,
            },
        },
        opts,
    );
}
