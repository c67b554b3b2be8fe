import { bookkeeperPitfalls } from "./bookkeeper";
import { flinkPitfalls } from "./flink";
import { heronPitfalls } from "./heron";
import type { Pitfall } from "./pitfall";
import { twister2Pitfalls } from "./twister2";

/** Every pitfall of the systems' fact sheets. */
export const pitfalls: readonly Pitfall[] = [
    ...heronPitfalls,
    ...bookkeeperPitfalls,
    ...twister2Pitfalls,
    ...flinkPitfalls,
];
