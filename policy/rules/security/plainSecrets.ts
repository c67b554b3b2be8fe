import { settings } from "../../../components/foundation/values";
import { isCustomResource } from "../../views/customResource";
import type { ContainerView } from "../../views/podTemplates";
import { assignedSecrets, isLiteral, saysSecret, secretsIn } from "../../views/plainText";
import { containerFields, elements, isAbsent } from "../../views/podSecurity";
import { at, type Fields, fieldsAt, isFields } from "../../views/raw";
import { defineRule, usualLevels } from "../../rule";
import { collect, ifKnown } from "../../views/unknown";
import type { ResourceView } from "../../views/view";

/** A message without the value, which may be a secret. */
function told(place: string, found: string): string {
    return `${place}: expected no secret in plain text, found ${found}`;
}

export const plainSecrets = defineRule({
    name: "security-plain-secrets",
    description:
        "No secret stands in a ConfigMap, an argument, a variable, a label or an annotation, where everybody who may look at the object reads it.",
    severity: "critical",
    remediation:
        "Put the value into a Secret, and take it from there by secretKeyRef or by a file of the mounted Secret. Change it: whoever saw this object knows it.",
    levels: usualLevels,
    settings: settings({}),
    check: (resource) =>
        collect(
            [
                () => inMetadata(resource, "labels"),
                () => inMetadata(resource, "annotations"),
                () => inConfigMap(resource),
                () => collect(resource.podTemplates, ({ containers }) => collect(containers, inContainer)),
                () => inCustomResource(resource),
            ],
            (part) => part(),
        ),
});

function inMetadata({ kind, metadata }: ResourceView, key: "labels" | "annotations"): string[] {
    return inMap(`${kind} metadata.${key}`, metadata[key] ?? {});
}

/** A map of texts: what a name says to be a secret, and what is one by its form. */
function inMap(place: string, map: Fields): string[] {
    return collect(Object.keys(map), (key) => {
        const value = map[key];
        return typeof value === "string" ? inValue(`${place}[${JSON.stringify(key)}]`, key, value) : [];
    });
}

function inValue(place: string, name: string, value: string): string[] {
    return saysSecret(name) && isLiteral(value)
        ? [told(place, "the value itself")]
        : secretsIn(value).map((found) => told(place, found));
}

/** Languages in which what stands after = without quotes is an expression. */
const program = /\.(groovy|java|js|mjs|py|ts)$/;

function inConfigMap({ kind, object }: ResourceView): string[] {
    if (kind !== "ConfigMap") {
        return [];
    }
    const data = fieldsAt(object, "data");
    return collect(Object.keys(data), (key) => {
        // One that is not known yet is judged when it is, at up: most are ids that only a provider computes.
        const text = ifKnown(() => data[key]);
        if (typeof text !== "string") {
            return [];
        }
        const place = `ConfigMap data[${JSON.stringify(key)}]`;
        const names = [...new Set(assignedSecrets(text, program.test(key)))];
        return [
            ...inValue(place, key, text),
            ...names.map((name) => told(place, `a value of ${JSON.stringify(name)}`)),
        ];
    });
}

function inContainer(container: ContainerView): string[] {
    const fields = containerFields(container);
    return collect(
        [
            () =>
                collect(elements(fields, "env"), (variable) =>
                    isFields(variable) ? inVariable(container, variable) : [],
                ),
            () => inArguments(container, "command"),
            () => inArguments(container, "args"),
        ],
        (part) => part(),
    );
}

function inVariable({ label }: ContainerView, variable: Fields): string[] {
    // One that comes from elsewhere has no value here.
    return isAbsent(variable.valueFrom) && typeof variable.value === "string"
        ? inValue(`${label} env ${String(variable.name)}`, String(variable.name), variable.value)
        : [];
}

/** `--password=x`, `--password x` and assignments in a script. */
function inArguments(container: ContainerView, key: "command" | "args"): string[] {
    const list = elements(containerFields(container), key);
    return collect(list.keys(), (index) => {
        const text = list[index];
        const before = index > 0 ? list[index - 1] : undefined;
        if (typeof text !== "string") {
            return [];
        }
        const place = `${container.label} ${at(key, index)}`;
        const option = typeof before === "string" && /^--?[\w.-]+$/.test(before) ? before.replace(/^-+/, "") : "";
        const names = [...new Set([...assignedSecrets(text), ...optionsIn(text)])];
        return [
            ...inValue(place, text.startsWith("-") ? "" : option, text),
            ...names.map((name) => told(place, `a value of ${JSON.stringify(name)}`)),
        ];
    });
}

/** Options of the commands in a script: `tool --password x`. */
function optionsIn(text: string): string[] {
    return Array.from(text.matchAll(/--?([A-Za-z][\w.-]*)[ \t]+("[^"\n]*"|'[^'\n]*'|[^\s"'-][^\s"']*)/g))
        .filter(([, name = "", value = ""]) => saysSecret(name) && isLiteral(value))
        .map(([, name = ""]) => name);
}

/** Settings that an operator hands on (sparkConf, hadoopConf): every text, by its key. */
function inCustomResource(resource: ResourceView): string[] {
    const visit = (value: unknown, key: string, path: string): string[] => {
        if (typeof value === "string") {
            return inValue(`${resource.kind} ${path}`, key, value);
        }
        if (Array.isArray(value)) {
            return collect(value.keys(), (index) => visit(value[index], "", at(path, index)));
        }
        return isFields(value)
            ? collect(Object.keys(value), (below) => visit(value[below], below, at(path, below)))
            : [];
    };
    return isCustomResource(resource) ? visit(resource.object.spec, "", "spec") : [];
}
