import { settings } from "../../../components/foundation/values";
import { violation } from "../../message";
import { defineRule, usualLevels } from "../../rule";

/** One of the forms that Kubernetes asks of names. */
interface Form {
    readonly pattern: RegExp;
    readonly longest: number;
    /** Completes "expected …". */
    readonly words: string;
}

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const characters = "lower-case letters, digits and -";

// The forms are those of k8s.io/apimachinery/pkg/util/validation and pkg/api/validation/path.
const subdomain = (longest: number): Form => ({
    pattern: new RegExp(`^${label}(\\.${label})*$`),
    longest,
    words: `an RFC 1123 subdomain (${characters}, in parts joined by dots) of at most ${longest} characters`,
});
const rfc1123Label: Form = {
    pattern: new RegExp(`^${label}$`),
    longest: 63,
    words: `an RFC 1123 label (${characters}) of at most 63 characters`,
};
const rfc1035Label: Form = {
    pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
    longest: 63,
    words: `an RFC 1035 label (${characters}, starting with a letter) of at most 63 characters`,
};
const pathSegment: Form = {
    pattern: /^(?!\.{1,2}$)[^/%]+$/,
    longest: 253,
    words: "a path segment (not . or .., without / and %) of at most 253 characters",
};

/** The form of kinds whose names are anything but a subdomain of at most 253 characters. */
const forms: Readonly<Record<string, Form>> = {
    ClusterRole: pathSegment,
    ClusterRoleBinding: pathSegment,
    // The controller appends 11 characters and the name of a Job must fit into a label (ValidateCronJobCreate).
    CronJob: subdomain(52),
    // Its name becomes the label batch.kubernetes.io/job-name of its pods.
    Job: subdomain(63),
    Namespace: rfc1123Label,
    Role: pathSegment,
    RoleBinding: pathSegment,
    Service: rfc1035Label,
};
const usual = subdomain(253);

export const dnsNames = defineRule({
    name: "naming-dns-names",
    description: "The name of an object has the form and length that its kind allows.",
    severity: "medium",
    remediation: "Change metadata.name to the form that the message states.",
    levels: usualLevels,
    settings: settings({}),
    check: ({ kind, metadata }) => {
        const name: unknown = metadata.name;
        // A missing name is another rule's concern (naming-explicit-names).
        if (name === undefined || name === null) {
            return [];
        }
        const form = forms[kind] ?? usual;
        return typeof name === "string" && name.length <= form.longest && form.pattern.test(name)
            ? []
            : [violation(`${kind} metadata.name`, form.words, name)];
    },
});
