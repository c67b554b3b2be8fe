import type { Fields } from "./raw";

/** What is known of systems, by `<name>/<component>` or `<name>` of the labels `app.kubernetes.io/…` of their pods. */
export type SystemTable<Value> = Readonly<Record<string, Value>>;

/** The entry for pods of these labels: that of their component, else that of their whole system. */
export function systemEntry<Value>(table: SystemTable<Value>, labels: Fields): Value | undefined {
    const { name, component } = systemOf(labels);
    return table[`${name}/${component}`] ?? table[name];
}

/** Which part of which system pods are, by Kubernetes' recommended labels; empty where they don't say. */
export function systemOf(labels: Fields): { name: string; instance: string; component: string } {
    const read = (key: string): string => {
        const value = labels[`app.kubernetes.io/${key}`];
        return typeof value === "string" ? value : "";
    };
    return { name: read("name"), instance: read("instance"), component: read("component") };
}

/** How the settings that hold such a table say what their keys are. */
export const tableKeys =
    "by <name>/<component> or <name> of the labels app.kubernetes.io/… of the pods; adds to the default";
