import { settings } from "../../../components/foundation/values";
import { parseImage } from "../../views/image";
import { eachContainer, violation } from "../../message";
import { defineRule } from "../../rule";

export const imageDigest = defineRule({
    name: "resources-image-digest",
    description: "Every image is pinned by its digest, so that what was tested is what runs.",
    severity: "low",
    remediation:
        "Resolve the image's digest in the registry that the cluster pulls from, and append @sha256:… to the reference.",
    // A digest is only worth something once it was resolved against the stack's own registry (`npm run pin`), which
    // development has none of as a rule.
    levels: { development: "disabled", staging: "advisory", production: "mandatory" },
    settings: settings({}),
    check: (resource) =>
        eachContainer(resource, ({ label, spec }) => {
            const image: unknown = spec.image;
            // A missing image is another rule's concern (resources-no-latest-image).
            if (typeof image !== "string" || image === "") {
                return [];
            }
            const { digest } = parseImage(image);
            return digest !== undefined && /^sha256:[0-9a-f]{64}$/.test(digest)
                ? []
                : [violation(label, "an image pinned by digest (@sha256:<64 hex digits>)", image)];
        }),
});
