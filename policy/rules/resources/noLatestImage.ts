import { settings } from "../../../components/foundation/values";
import { parseImage } from "../../views/image";
import { eachContainer, violation } from "../../message";
import { defineRule, usualLevels } from "../../rule";

export const noLatestImage = defineRule({
    name: "resources-no-latest-image",
    description: "Every container names the version of its image: a tag other than latest, or a digest.",
    severity: "high",
    remediation:
        "Name a version in the image's tag. Without one, pods of one set run different versions, depending on when their node pulled the image.",
    levels: usualLevels,
    settings: settings({}),
    check: (resource) =>
        eachContainer(resource, ({ label, template, spec }) => {
            const image: unknown = spec.image;
            if (typeof image !== "string" || image === "") {
                return template.partial ? [] : [violation(label, "an image with a version", image)];
            }
            const { tag, digest } = parseImage(image);
            const versioned = tag === undefined ? digest !== undefined : tag !== "latest";
            return versioned ? [] : [violation(label, "an image tag that names a version, or a digest", image)];
        }),
});
