import * as assert from "node:assert/strict";
import { Cluster } from "./support/cluster";
import { changedObjects } from "./support/converges";
import { PodWatch } from "./support/podWatch";
import { eventually, succeeded } from "./support/run";
import { requireTools } from "./support/tools";
import { Workspace } from "./support/workspace";

const stack = "rolling";

/** Labels that select the pods of a part. */
const selector = (name: string, component: string) =>
    `app.kubernetes.io/name=${name},app.kubernetes.io/component=${component}`;

/** The clusters that are watched, as the pods of each go down in the order of its chain. */
const watched = [
    {
        part: "the nodes of Cassandra",
        namespace: "roll-cassandra",
        selector: selector("cassandra", "node"),
        // Racks one after another, and each from its last node on.
        order: ["zone-1", "zone-2", "zone-3"].map((zone) => `cassandra-${zone}-0`),
    },
    {
        part: "the controllers of Kafka",
        namespace: "roll-kafka",
        selector: selector("kafka", "controller"),
        order: [2, 1, 0].map((id) => `kafka-controller-${id}`),
    },
    {
        part: "the brokers of Kafka",
        namespace: "roll-kafka",
        selector: selector("kafka", "broker"),
        order: [
            ["zone-1", 100],
            ["zone-2", 200],
            ["zone-3", 300],
        ].map(([zone, id]) => `kafka-broker-${zone}-${id}`),
    },
] as const;

describe("a change of the image rolls clusters of several sets", () => {
    const cluster = new Cluster();
    let workspace: Workspace;

    before(async function () {
        await requireTools(this, "cluster");
        await cluster.preparePools();
        workspace = new Workspace(cluster.kubeconfig);
        const context = await cluster.context();
        workspace.editStack(
            stack,
            ({ set, remove }) => {
                set("cluster.context", context);
                set("environment.name", "roll");
                ["spark", "redis", "tensorflow"].forEach((system) => remove(`systems.${system}`));
            },
            "data-production",
        );
        succeeded("stack init", await workspace.pulumi("stack", "init", stack, "--no-select"));
        succeeded("up", await workspace.operate("up", stack, "--skip-preview"));
    });

    after(async () => {
        if (workspace as Workspace | undefined) {
            await workspace.release(stack);
            await workspace.operate("destroy", stack, "--skip-preview");
            await cluster.deleteNamespaces("roll-cassandra", "roll-kafka");
            await cluster.deletePriorityClasses("roll");
            workspace.remove();
        }
        await cluster.restorePools();
    });

    it("never takes two pods of one cluster down at once, and takes each once", async () => {
        const watches = await Promise.all(
            watched.map((each) => PodWatch.begin(cluster, each.namespace, each.selector)),
        );
        workspace.editStack(stack, ({ set }) => {
            set("images.pins.cassandra", "5.0.6-slow-start");
            set("images.pins.kafka", "4.1.0-slow-start");
        });
        const ended = succeeded("up", await workspace.operate("up", stack, "--skip-preview"));
        assert.ok(changedObjects(ended.events.changes).length >= watched.length);
        for (const [index, watch] of watches.entries()) {
            const { part, order } = watched[index]!;
            await watch.end();
            assert.deepEqual(watch.order, order, `${part}: each pod once, one set after another`);
            assert.equal(watch.mostAtOnce.length, 1, `${part}: ${watch.mostAtOnce.join(", ")}`);
        }
    });

    it("is watched by something that sees two pods down", async () => {
        const { namespace, selector: labels } = watched[0];
        const watch = await PodWatch.begin(cluster, namespace, labels);
        await cluster.must(["delete", "pods", "--namespace", namespace, "--selector", labels, "--wait=false"]);
        await eventually(() =>
            watch.mostAtOnce.length > 1 ? Promise.resolve() : Promise.reject(new Error("not yet seen")),
        );
        await watch.end();
        assert.equal(watch.mostAtOnce.length, 3);
    });
});
