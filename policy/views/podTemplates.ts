import type { types } from "@pulumi/kubernetes";
import type { Unwrap } from "@pulumi/pulumi";
import { operatorTemplates } from "./operators";
import { at, type Fields, isFields, once, type RawPodTemplate } from "./raw";
import { ifKnown } from "./unknown";

export type PodSpec = Unwrap<types.input.core.v1.PodSpec>;
export type Container = Unwrap<types.input.core.v1.Container>;

/** A pod as some object will make it: a template in a workload, the pod itself, or one inside a custom resource. */
export interface PodTemplateView {
    /** Path of the template in its object, such as `spec.template`; empty for a Pod. */
    readonly path: string;
    /**
     * Whether it only changes fields of a template that another object holds (a `DeploymentPatch`, a TrainJob's
     * runtime patch). What such a template leaves out is set elsewhere, so a rule can't require it here.
     */
    readonly partial: boolean;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
    readonly spec: PodSpec;
    /** Init containers, containers and ephemeral containers, in the order in which they can start. */
    readonly containers: readonly ContainerView[];
}

/** One container of a pod template. */
export interface ContainerView {
    /** Path in its object: `spec.template.spec.containers[0]`. */
    readonly path: string;
    /** How messages name it: `container "broker" (spec.template.spec.containers[0])`. */
    readonly label: string;
    readonly role: "initContainer" | "container" | "ephemeralContainer";
    readonly template: PodTemplateView;
    readonly spec: Container;
}

/** Where Kubernetes' own kinds keep their pod template, by kind. */
const knownPaths: Readonly<Record<string, readonly string[]>> = {
    CronJob: ["spec", "jobTemplate", "spec", "template"],
    DaemonSet: ["spec", "template"],
    Deployment: ["spec", "template"],
    Job: ["spec", "template"],
    Pod: [],
    PodTemplate: ["template"],
    ReplicaSet: ["spec", "template"],
    ReplicationController: ["spec", "template"],
    StatefulSet: ["spec", "template"],
};

/** Every pod template of an object. */
export function podTemplatesOf(kind: string, apiVersion: string, object: Fields, patch: boolean): PodTemplateView[] {
    return rawTemplatesOf(kind, apiVersion, object).map((raw) =>
        podTemplateView({ ...raw, partial: raw.partial || patch }),
    );
}

function rawTemplatesOf(kind: string, apiVersion: string, object: Fields): RawPodTemplate[] {
    const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
    if (group.includes(".")) {
        return kind === "CustomResourceDefinition"
            ? []
            : (operatorTemplates(kind, group, object) ?? embeddedTemplates(object));
    }
    const steps = knownPaths[kind];
    if (steps === undefined) {
        return [];
    }
    const template = (): unknown =>
        steps.reduce<unknown>((value, step) => (isFields(value) ? value[step] : undefined), object);
    return [{ path: steps.join("."), partial: false, template }];
}

function podTemplateView({ path, partial, template, containerPath }: RawPodTemplate): PodTemplateView {
    const fields = once((): Fields => {
        const value = template();
        return isFields(value) ? value : {};
    });
    const metadata = (): Fields => {
        const value = fields().metadata;
        return isFields(value) ? value : {};
    };
    const view: PodTemplateView = {
        path,
        partial,
        get labels() {
            return (metadata().labels ?? {}) as Record<string, string>;
        },
        get annotations() {
            return (metadata().annotations ?? {}) as Record<string, string>;
        },
        get spec() {
            return (fields().spec ?? {}) as PodSpec;
        },
        get containers() {
            return containers();
        },
    };
    const containers = once(() => [
        ...containersOf("initContainer", "initContainers"),
        ...containersOf("container", "containers"),
        ...containersOf("ephemeralContainer", "ephemeralContainers"),
    ]);
    const containersOf = (
        role: ContainerView["role"],
        key: "initContainers" | "containers" | "ephemeralContainers",
    ): ContainerView[] => {
        const listPath = at(at(path, "spec"), key);
        const list: unknown = view.spec[key];
        // Only the length is read here: an unknown element throws when that container is looked at.
        return Array.isArray(list)
            ? Array.from({ length: list.length }, (_, index) =>
                  containerView(view, role, containerPath?.(key, index) ?? at(listPath, index), list, index),
              )
            : [];
    };
    return view;
}

function containerView(
    template: PodTemplateView,
    role: ContainerView["role"],
    path: string,
    list: readonly unknown[],
    index: number,
): ContainerView {
    const words = {
        initContainer: "init container",
        container: "container",
        ephemeralContainer: "ephemeral container",
    };
    return {
        path,
        role,
        template,
        get label() {
            const name = ifKnown(() => this.spec.name);
            return typeof name === "string" ? `${words[role]} "${name}" (${path})` : `${words[role]} ${path}`;
        },
        get spec() {
            const container = list[index];
            return (isFields(container) ? container : {}) as unknown as Container;
        },
    };
}

/** Keys under which custom resources keep pod templates: an unknown value there may hide one. */
const templateKey = /^(template|podTemplate|.*PodTemplate)$/;

/**
 * Finds pod templates in a custom resource of any kind by their shape: an object with a list `spec.containers`. The
 * root is not one, though some kinds (Prometheus) list further containers in their own spec.
 */
function embeddedTemplates(object: Fields): RawPodTemplate[] {
    const found: RawPodTemplate[] = [];
    const visit = (value: unknown, path: string): void => {
        if (Array.isArray(value)) {
            for (let index = 0; index < value.length; index++) {
                visit(
                    ifKnown((): unknown => value[index]),
                    at(path, index),
                );
            }
        } else if (isFields(value)) {
            for (const key of Object.keys(value)) {
                visitField(value, key, at(path, key));
            }
        }
    };
    const visitField = (parent: Fields, key: string, path: string): void => {
        if (holdsTemplate(parent, key, path)) {
            found.push({ path, partial: false, template: () => parent[key] });
        } else {
            visit(
                ifKnown(() => parent[key]),
                path,
            );
        }
    };
    visit(object, "");
    return found;
}

/** Whether the field is a pod template, or may be one whose deciding part is not known yet. */
function holdsTemplate(parent: Fields, key: string, path: string): boolean {
    const mayHide = templateKey.test(key) || path === "spec";
    const value = known(() => parent[key]);
    if (value === unknown) {
        return mayHide;
    }
    const spec = isFields(value) ? known(() => value.spec) : undefined;
    if (spec === unknown) {
        return mayHide;
    }
    const containers = isFields(spec) ? known(() => spec.containers) : undefined;
    return containers === unknown || Array.isArray(containers);
}

const unknown = Symbol("unknown");

function known(read: () => unknown): unknown {
    const value = ifKnown(() => ({ value: read() }));
    return value === undefined ? unknown : value.value;
}
