import { z } from "zod";
import { registry, settings } from "../../../components/foundation/values";
import { fullRepository, parseImage } from "../../views/image";
import { eachContainer, violation } from "../../message";
import { defineRule, usualLevels } from "../../rule";

export const allowedRegistries = defineRule({
    name: "resources-allowed-registries",
    description: "Every image comes from a registry that the stack allows.",
    severity: "high",
    remediation:
        "Mirror the image into an allowed registry and name it there, or add its registry to the settings. An image from elsewhere is neither scanned nor there to stay.",
    levels: usualLevels,
    settings: settings({
        registries: z
            .array(registry())
            .default([])
            .describe(
                "Registries that images may come from, each a host with an optional path; any if there are none. The host of data-platform:images.registry unless set.",
            ),
    }),
    check: (resource, { registries }) =>
        registries.length === 0
            ? []
            : eachContainer(resource, ({ label, spec }) => {
                  const image: unknown = spec.image;
                  // A missing image is another rule's concern (resources-no-latest-image).
                  if (typeof image !== "string" || image === "") {
                      return [];
                  }
                  const repository = fullRepository(parseImage(image));
                  return registries.some((allowed) => repository.startsWith(`${allowed}/`))
                      ? []
                      : [violation(label, `an image from ${registries.join(" or ")}`, image)];
              }),
});
