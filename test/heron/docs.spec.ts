import * as assert from "node:assert/strict";
import { docsPage } from "../support/docsTables";
import { all, at } from "../support/plans";
import { planned } from "./fixtures";

const page = docsPage("heron.md");

describe("docs/heron.md", () => {
    it("names objects of the plan in its commands [heron-P18]", async () => {
        const { plan } = await planned();
        const kinds = { service: "Service", deployment: "Deployment" };
        const named = [...page.matchAll(/\b(service|deployment)\/([\w-]+)/g)];
        assert.ok(named.length >= 3, "the page has commands");
        for (const [text, kind = "", object] of named) {
            const names = all(plan, kinds[kind as keyof typeof kinds]).map(({ inputs }) => at(inputs, "metadata.name"));
            assert.ok(names.includes(object), `${text} is not among ${names.join(", ")}`);
        }
    });

    it("forwards to ports that Services have [heron-P18]", async () => {
        const { plan } = await planned();
        const ports = all(plan, "Service").map(({ inputs }) => at(inputs, "spec.ports[0].port"));
        const forwarded = [...page.matchAll(/port-forward service\/\S+ \d+:(\d+)/g)].map(([, port]) => Number(port));
        assert.deepEqual(
            [...new Set(forwarded)].filter((port) => !ports.includes(port)),
            [],
        );
        assert.ok(forwarded.length >= 2);
    });

    it("names files of the project, and none of Heron's outdated ones [heron-P18]", () => {
        assert.doesNotMatch(page, /bookkeeper-apiserver\.yaml|gcp\/|streamlio/);
        assert.match(page, /components\/heron\/schema\.ts/);
    });
});
