import { speechFaults, type Speech } from "../../components/dashboard/exposure";
import type { Exposure } from "../../components/dashboard/schema";
import type { Fault, Path } from "../../components/foundation/faults";
import type { Check, ReadableSections } from "./check";

/** What a stack can expose, and how it speaks. */
export interface Exposed {
    /** Where the exposure stands. */
    readonly path: readonly string[];
    readonly exposure: Exposure;
    readonly speech: Speech;
}

const plain: Speech = { scheme: "http", ownLogin: false };
const secured: Speech = { scheme: "https", ownLogin: true };

/** Everything that a stack can expose, whether it does or not. */
export function exposedParts({ opensearch, uploader, systems }: ReadableSections): Exposed[] {
    return [
        ...(opensearch === undefined || opensearch.kind === "external"
            ? []
            : [
                  {
                      path: ["opensearch", "exposure"],
                      exposure: opensearch.exposure,
                      speech: opensearch.kind === "cluster" ? secured : plain,
                  },
              ]),
        ...(uploader === undefined || uploader.kind === "s3"
            ? []
            : [{ path: ["uploader", "exposure"], exposure: uploader.exposure, speech: plain }]),
        ...systemExposures(systems).map((exposed) => ({ ...exposed, speech: plain })),
    ];
}

/** What of the systems can be exposed. None of them asks for a login. */
function systemExposures(systems: ReadableSections["systems"]): Omit<Exposed, "speech">[] {
    const { teraslice, heron, twister2, flink } = systems ?? {};
    const of = (exposure: Exposure, ...path: readonly string[]) => ({ path: ["systems", ...path], exposure });
    return [
        ...(teraslice === undefined ? [] : [of(teraslice.exposure, "teraslice", "exposure")]),
        ...(heron === undefined
            ? []
            : (["apiServer", "tracker", "ui"] as const).map((each) =>
                  of(heron.exposure[each], "heron", "exposure", each),
              )),
        ...(twister2 === undefined ? [] : [of(twister2.exposure, "twister2", "exposure")]),
        ...Object.entries(flink ?? {}).map(([name, { exposure }]) => of(exposure, "flink", name, "exposure")),
    ];
}

const exposedAsTheySpeak: Check = (config, at): Fault[] =>
    exposedParts(config).flatMap(({ path, exposure, speech }) =>
        speechFaults(exposure, speech).map((fault) => {
            const below: Path = [...path, ...fault.path.split(".")];
            return { ...fault, path: at(...below) };
        }),
    );

// A proxy that speaks to what is behind by TLS knows no authority but the one that it is given.
const authorityForProxy: Check = ({ opensearch }, at) =>
    opensearch?.kind === "cluster" &&
    opensearch.exposure.kind !== "none" &&
    opensearch.security.existing !== undefined &&
    opensearch.security.existing.caCertificate === undefined
        ? [
              {
                  path: at("opensearch", "security", "existing", "caCertificate"),
                  expected:
                      "the authority's certificate, since the proxy of opensearch.exposure checks the nodes' own by it",
                  found: "nothing",
              },
          ]
        : [];

/** A host and a path. Path prefixes are compared part by part: a slash at the end says nothing (Ingress, HTTPRoute). */
const addressOf = (host: string, path: string) => `${host}${path.replace(/\/+$/, "")}`;

/** Where an exposure's address is: no two can have the same. */
function addresses({ exposure, path }: Exposed): { readonly address: string; readonly path: Path }[] {
    switch (exposure.kind) {
        case "ingress":
            return [{ address: addressOf(exposure.host, exposure.path), path: [...path, "host"] }];
        case "httpRoute":
            return exposure.hostnames.map((host, index) => ({
                address: addressOf(host, exposure.path),
                path: [...path, "hostnames", index],
            }));
        case "loadBalancer":
            return exposure.host === undefined ? [] : [{ address: exposure.host, path: [...path, "host"] }];
        case "none":
            return [];
    }
}

const addressesApart: Check = (config, at) => {
    const all = exposedParts(config).flatMap(addresses);
    return all.flatMap(({ address, path }, index): Fault[] => {
        const twin = all.slice(0, index).find((earlier) => earlier.address === address);
        return twin === undefined
            ? []
            : [
                  {
                      path: at(...path),
                      expected: `an address of its own, not the one of ${at(...twin.path)}`,
                      found: JSON.stringify(address),
                  },
              ];
    });
};

export const exposureChecks: readonly Check[] = [exposedAsTheySpeak, authorityForProxy, addressesApart];
