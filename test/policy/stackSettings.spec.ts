import assert from "node:assert/strict";
import { settingsFromStack } from "../../policy/stackSettings";

const [classes, registries] = ["resources-storage-class", "resources-allowed-registries"];
const protectedRule = "operations-protected";
const required = { [protectedRule]: { required: true } };

describe("settings of rules", () => {
    it("follow from the stack's storage classes and registry", () => {
        const sections = {
            cluster: { storageClasses: { fast: {}, slow: {} } },
            images: { registry: "r.example:5000/a/b" },
        };
        assert.deepEqual(settingsFromStack(sections, {}), {
            [classes]: { classes: ["fast", "slow"] },
            [registries]: { registries: ["r.example:5000"] },
            ...required,
        });
    });

    it("allow everything where the stack says nothing", () => {
        const open = { [classes]: { classes: [] }, [registries]: { registries: [] }, ...required };
        assert.deepEqual(settingsFromStack({}, {}), open);
        assert.deepEqual(settingsFromStack({ cluster: undefined, images: undefined }, {}), open);
    });

    it("ask for no protection where the environment has taken it off", () => {
        const settings = settingsFromStack({ environment: { tier: "production", protect: false } }, {});
        assert.deepEqual(settings[protectedRule], { required: false });
    });

    it("leave faults of those sections to their own checks", () => {
        assert.deepEqual(
            settingsFromStack({ cluster: "kind-dev", images: { registry: 5 } }, {}),
            settingsFromStack({}, {}),
        );
    });

    it("are the stack's own where it sets them, and others stay as they are", () => {
        const own = { [registries]: { registries: ["a.example"] }, "naming-dns-names": { a: 1 } };
        assert.deepEqual(settingsFromStack({ images: { registry: "b.example" } }, own), {
            [classes]: { classes: [] },
            ...required,
            ...own,
        });
    });
});
