import type { Rule } from "../../rule";
import { allowedRegistries } from "./allowedRegistries";
import { containerCeiling } from "./containerCeiling";
import { imageDigest } from "./imageDigest";
import { limitRatio } from "./limitRatio";
import { memoryEqual } from "./memoryEqual";
import { noLatestImage } from "./noLatestImage";
import { priorityClass } from "./priorityClass";
import { quota } from "./quota";
import { requestsAndLimits } from "./requestsAndLimits";
import { stackCeiling } from "./stackCeiling";
import { storageClass } from "./storageClass";

/** What a container takes: of its node, and of a registry. */
export const resourcesRules: readonly Rule[] = [
    allowedRegistries,
    containerCeiling,
    imageDigest,
    limitRatio,
    memoryEqual,
    noLatestImage,
    priorityClass,
    quota,
    requestsAndLimits,
    stackCeiling,
    storageClass,
];
