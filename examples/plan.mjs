/*
 * Plans an example where examples/check.mjs put it and judges it by every rule, with the settings of one of its stacks.
 *
 *     node examples/plan.mjs DIR STACK [KEY=JSON ...]
 *
 * KEY=JSON  a setting instead of the stack's own, such as own-system:workers=5
 *
 * Prints {"plan": ..., "findings": [...]}.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [directory, stack, ...settings] = process.argv.slice(2);
// Everything as the example itself would find it, the Pulumi SDK above all.
const require = createRequire(join(resolve(directory), "index.js"));
const pulumi = require("@pulumi/pulumi");
const { parse } = require("yaml");
const { planProgram } = require("./planner/bin/plan/plan.js");
const { checkPlan } = require("./planner/policy/check.js");
const { optionsOf } = require("./planner/policy/pack.js");

const read = (file) => parse(readFileSync(join(directory, file), "utf8"));
const { name: project } = read("Pulumi.yaml");
const config = {
    ...read(`Pulumi.${stack}.yaml`).config,
    ...Object.fromEntries(
        settings.map((each) => [each.split("=", 1)[0], JSON.parse(each.slice(each.indexOf("=") + 1))]),
    ),
};
// As the engine hands them over: text as it is, everything else as JSON.
pulumi.runtime.setAllConfig(
    Object.fromEntries(
        Object.entries(config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
    ),
);

const plan = await planProgram(() => require("./js/index.js"), { project, stack });
const options = optionsOf(new pulumi.Config("data-platform"), new Date());
console.log(JSON.stringify({ plan, findings: checkPlan(plan.resources, options) }));
