import * as assert from "node:assert/strict";
import { type Plan, type PlannedResource, planProgram } from "../../bin/plan/plan";

/** Everything that a piece of a program would register. */
export function planOf(register: () => unknown): Promise<Plan> {
    return planProgram(
        async () => {
            await register();
            return {};
        },
        { stack: "test" },
    );
}

/** The resources of a kind: the last part of the type, `StatefulSet`. */
export function all(plan: Plan, kind: string): readonly PlannedResource[] {
    return plan.resources.filter(({ type }) => type.split(":").at(-1) === kind);
}

/** The only resource of a kind, or the one whose object or resource has the name. */
export function find(plan: Plan, kind: string, name?: string): PlannedResource {
    const found = all(plan, kind).filter(
        (each) => name === undefined || each.name === name || at(each.inputs, "metadata.name") === name,
    );
    const [only, ...others] = found;
    const present = all(plan, kind).map((each) => each.name);
    assert.ok(only !== undefined, `no ${kind} ${name ?? ""} among ${present.join(", ")}`);
    assert.equal(others.length, 0, `more than one ${kind}: ${present.join(", ")}`);
    return only;
}

/** The names of what a plan registers, by kind: `StatefulSet store-set`. */
export function kindsAndNames(plan: Plan): string[] {
    return plan.resources.map(({ type, name }) => `${type.split(":").at(-1) ?? ""} ${name}`).sort();
}

/**
 * The value at a path of plain data, such as `spec.containers[0].image` or `data["zoo.cfg"]`; undefined where a step is
 * missing. `[name=data]` steps to the entry of a list whose `name` is `data`.
 */
export function at(value: unknown, path: string): unknown {
    const steps = path.match(/[^.[\]"]+|\["[^"]*"\]|\[[^\]]*\]/g) ?? [];
    return steps.reduce<unknown>((current, step) => {
        const inner = step.startsWith("[") ? step.slice(1, -1) : step;
        if (typeof current !== "object" || current === null) {
            return undefined;
        }
        const [, key, wanted] = step.startsWith("[") ? (/^([a-z]+)=(.+)$/i.exec(inner) ?? []) : [];
        if (key !== undefined && Array.isArray(current)) {
            return current.find((entry: unknown) => (entry as Record<string, unknown>)[key] === wanted) as unknown;
        }
        return (current as Record<string, unknown>)[inner.replace(/^"|"$/g, "")];
    }, value);
}

/** As {@link at}, for a list. */
export function listAt(value: unknown, path: string): readonly unknown[] {
    const found = at(value, path);
    assert.ok(Array.isArray(found), `${path} is no list: ${JSON.stringify(found)}`);
    return found;
}

/** As {@link at}, for a map. */
export function mapAt(value: unknown, path: string): Readonly<Record<string, unknown>> {
    const found = at(value, path);
    assert.ok(
        typeof found === "object" && found !== null && !Array.isArray(found),
        `${path} is no map: ${JSON.stringify(found)}`,
    );
    return found as Record<string, unknown>;
}
