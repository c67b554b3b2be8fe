import * as assert from "node:assert/strict";
import { jmxAgent, jmxAgentSettings } from "../../components/monitoring/jmxAgent";

const server = { configMap: "store-config", resources: { cpu: "1", memory: "4Gi", ephemeralStorage: "1Gi" } };
const given = { image: "reg.example.com/jmx:1.0.1", jar: "/opt/jmx_prometheus_javaagent.jar" };

describe("the JMX agent", () => {
    it("is nothing where there is none", () => {
        assert.deepEqual(jmxAgent(undefined, server), {
            initContainers: [],
            volumes: [],
            mounts: [],
            javaOptions: [],
            ports: {},
        });
    });

    it("is copied out of the image that has it, and loaded with its configuration", () => {
        const agent = jmxAgent(given, server);
        const [copy] = agent.initContainers;
        assert.ok(copy !== undefined);
        assert.equal(copy.image, given.image);
        assert.deepEqual(copy.command, ["cp", given.jar, `${copy.mounts?.[0]?.path ?? ""}/agent.jar`]);
        assert.deepEqual(
            agent.mounts.map(({ path, readOnly }) => [path, readOnly]),
            [
                ["/agent", true],
                ["/agent-config", true],
            ],
        );
        assert.deepEqual(agent.javaOptions, ["-javaagent:/agent/agent.jar=9404:/agent-config/jmx-agent.yaml"]);
        assert.deepEqual(agent.ports, { metrics: 9404 });
        assert.deepEqual(
            agent.volumes.map(({ name }) => name),
            agent.mounts.map(({ volume }) => volume),
        );
        assert.deepEqual(agent.volumes[1]?.configMap, {
            name: "store-config",
            items: [{ key: "jmx-agent.yaml", path: "jmx-agent.yaml" }],
        });
    });

    it("takes a pinned image and an absolute jar", () => {
        assert.ok(jmxAgentSettings.safeParse(given).success);
        for (const wrong of [
            { ...given, image: "reg.example.com/jmx:latest" },
            { ...given, image: "jmx" },
            { ...given, jar: "agent.jar" },
            { ...given, jar: "/opt/agent" },
            { image: given.image },
        ]) {
            assert.ok(!jmxAgentSettings.safeParse(wrong).success, JSON.stringify(wrong));
        }
    });
});
