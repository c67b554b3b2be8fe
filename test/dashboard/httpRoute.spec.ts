import { Ajv, type ValidateFunction } from "ajv";
import * as assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { ExposureSettings } from "../../components/dashboard/schema";
import { at, find, listAt } from "../support/plans";
import { httpRoute } from "./exposures";
import { open, planned } from "./planned";

/** The definitions of the Gateway API, beside the project. */
const definitions = join(__dirname, "../../../shared/crds/gateway-api.yaml");

/** The schema of HTTPRoute v1 with keys that it doesn't know as errors: an API server would drop them in silence. */
function httpRouteSchema(): object {
    const objects = parseAllDocuments(readFileSync(definitions, "utf8")).map((each) => each.toJS() as unknown);
    const definition = objects.find((each) => at(each, "metadata.name") === "httproutes.gateway.networking.k8s.io");
    const version = listAt(definition, "spec.versions").find((each) => at(each, "name") === "v1");
    const { metadata: _checkedByTheServer, ...properties } = at(
        version,
        "schema.openAPIV3Schema.properties",
    ) as object & Record<string, unknown>;
    return closed({ type: "object", properties: { ...properties, metadata: {} } }) as object;
}

function closed(schema: unknown): unknown {
    if (Array.isArray(schema)) {
        return schema.map(closed);
    }
    if (typeof schema !== "object" || schema === null) {
        return schema;
    }
    const entries = Object.entries(schema).map(([key, value]) => [key, closed(value)] as const);
    return { ...Object.fromEntries(entries), ...("properties" in schema && { additionalProperties: false }) };
}

describe("the HTTPRoute of a dashboard", () => {
    let validate: ValidateFunction;

    before(function () {
        if (!existsSync(definitions)) {
            process.stdout.write("    skipped: the definitions of the Gateway API are not beside the project\n");
            this.skip();
        }
        // CRDs use OpenAPI's formats and extensions, which are no JSON schema.
        validate = new Ajv({ strict: false, validateFormats: false }).compile(httpRouteSchema());
    });

    const faults = async (
        settings: ExposureSettings,
        change: (object: Record<string, unknown>) => void = () => undefined,
    ) => {
        const object = structuredClone(find((await planned({ settings })).plan, "HTTPRoute").inputs) as Record<
            string,
            unknown
        >;
        change(object);
        return validate(object)
            ? []
            : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ""}`);
    };

    for (const [what, settings] of [
        ["in front of the proxy", httpRoute()],
        ["in front of a Service", httpRoute({ ...open, path: "/ui" })],
        ["on one listener", httpRoute({ gateway: { namespace: "gw", name: "public", sectionName: "https" } })],
        ["of several names", httpRoute({ hostnames: ["a.example.com", "b.example.com"] })],
    ] as const) {
        it(`is one that the Gateway API knows: ${what}`, async () => assert.deepEqual(await faults(settings), []));
    }

    it("would not be with a key too many or a path of another kind", async () => {
        const extra = await faults(httpRoute(), (object) => Object.assign(object["spec"] as object, { hostname: "a" }));
        assert.deepEqual(extra, ["/spec must NOT have additional properties"]);
        const path = (object: Record<string, unknown>) => at(object, "spec.rules[0].matches[0].path") as object;
        const other = await faults(httpRoute(), (object) => Object.assign(path(object), { type: "Prefix" }));
        assert.match(other.join(), /matches\/0\/path\/type must be equal to one of the allowed values/);
    });
});
