import { eachContainer, violation } from "../message";
import type { ContainerView, PodTemplateView } from "./podTemplates";
import { type Fields, fieldsAt, listAt } from "./raw";
import { collect } from "./unknown";
import type { ResourceView } from "./view";

/*
 * Walks over pods and their security contexts. The controls are those of Kubernetes' Pod Security Standards, level
 * restricted, as k8s.io/pod-security-admission checks them in its release for 1.35.
 */

/** How messages name a pod template. */
export function templateLabel({ path }: PodTemplateView): string {
    return path === "" ? "the pod" : `pod template ${path}`;
}

/** The fields of a pod's spec, whatever they are. */
export function podFields({ spec }: PodTemplateView): Fields {
    return spec;
}

/** The fields of a container, whatever they are. */
export function containerFields({ spec }: ContainerView): Fields {
    return spec;
}

/** The security context that a pod sets for all of its containers. */
export function podContext(template: PodTemplateView): Fields {
    return fieldsAt(podFields(template), "securityContext");
}

/** A container's own security context. */
export function containerContext(container: ContainerView): Fields {
    return fieldsAt(containerFields(container), "securityContext");
}

/** Checks every pod template. */
export function eachTemplate(
    resource: ResourceView,
    check: (template: PodTemplateView, label: string) => readonly string[],
): string[] {
    return collect(resource.podTemplates, (template) => check(template, templateLabel(template)));
}

/** Checks every security context, of pods and of containers. */
export function eachContext(
    resource: ResourceView,
    check: (context: Fields, label: string) => readonly string[],
): string[] {
    return eachTemplate(resource, (template, label) =>
        collect(
            [
                () => check(podContext(template), label),
                () => collect(template.containers, (container) => check(containerContext(container), container.label)),
            ],
            (part) => part(),
        ),
    );
}

/** Whether a field is left out: Kubernetes reads null as nothing. */
export function isAbsent(value: unknown): value is undefined | null {
    return value === undefined || value === null;
}

/**
 * Checks a field of the security context that a pod may set for all of its containers, and each container for itself,
 * but that must be set for every container.
 *
 * @param read the field, of a pod's context or of a container's
 * @param expected completes "expected …"
 */
export function inheritedField(
    resource: ResourceView,
    read: (context: Fields) => unknown,
    isGood: (value: unknown) => boolean,
    expected: string,
): string[] {
    const judge = (label: string, value: unknown): string[] =>
        isAbsent(value) || isGood(value) ? [] : [violation(label, expected, value)];
    return eachTemplate(resource, (template, label) => {
        const ofPod = (): unknown => read(podContext(template));
        const ofContainer = (container: ContainerView): string[] => {
            const own = read(containerContext(container));
            if (!isAbsent(own)) {
                return judge(container.label, own);
            }
            // What the pod says instead is judged there, and what a partial template leaves out is set elsewhere.
            return template.partial || !isAbsent(ofPod()) ? [] : [violation(container.label, expected, undefined)];
        };
        return collect([() => judge(label, ofPod()), () => collect(template.containers, ofContainer)], (part) =>
            part(),
        );
    });
}

/** The elements of a list field, read one by one. */
export function elements(parent: Fields, key: string): readonly unknown[] {
    const list = listAt(parent, key);
    return Array.from({ length: list.length }, (_, index) => list[index]);
}

/**
 * Checks a field of each container's own security context. What a partial template leaves out is set elsewhere.
 *
 * @param expected completes "expected … in securityContext.<key>"
 */
export function containerContextField(
    resource: ResourceView,
    key: string,
    isGood: (value: unknown) => boolean,
    expected: string,
): string[] {
    return eachContainer(resource, (container) => {
        const value = containerContext(container)[key];
        return isGood(value) || (isAbsent(value) && container.template.partial)
            ? []
            : [violation(container.label, `${expected} in securityContext.${key}`, value)];
    });
}

/** As {@link containerContextField}, for a field of the pod's spec. */
export function podField(
    resource: ResourceView,
    key: string,
    isGood: (value: unknown) => boolean,
    expected: string,
): string[] {
    return eachTemplate(resource, (template, label) => {
        const value = podFields(template)[key];
        return isGood(value) || (isAbsent(value) && template.partial)
            ? []
            : [violation(label, `${expected} in ${key}`, value)];
    });
}
