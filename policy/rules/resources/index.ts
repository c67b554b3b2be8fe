import type { Rule } from "../../rule";
import { imageDigest } from "./imageDigest";
import { noLatestImage } from "./noLatestImage";
import { requestsAndLimits } from "./requestsAndLimits";

/** What a container takes: of its node, and of a registry. */
export const resourcesRules: readonly Rule[] = [imageDigest, noLatestImage, requestsAndLimits];
