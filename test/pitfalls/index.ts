import { bookkeeperPitfalls } from "./bookkeeper";
import { cassandraPitfalls } from "./cassandra";
import { cassandraSurroundingsPitfalls } from "./cassandraSurroundings";
import { flinkPitfalls } from "./flink";
import { heronPitfalls } from "./heron";
import { kafkaPitfalls } from "./kafka";
import { kafkaDeclaredPitfalls } from "./kafkaDeclared";
import { operatorPitfalls } from "./operator";
import type { Pitfall } from "./pitfall";
import { redisPitfalls } from "./redis";
import { sparkPitfalls } from "./spark";
import { tensorflowPitfalls } from "./tensorflow";
import { twister2Pitfalls } from "./twister2";

/** Every pitfall of the systems' fact sheets. */
export const pitfalls: readonly Pitfall[] = [
    ...heronPitfalls,
    ...bookkeeperPitfalls,
    ...twister2Pitfalls,
    ...flinkPitfalls,
    ...cassandraPitfalls,
    ...cassandraSurroundingsPitfalls,
    ...kafkaPitfalls,
    ...kafkaDeclaredPitfalls,
    ...operatorPitfalls,
    ...sparkPitfalls,
    ...redisPitfalls,
    ...tensorflowPitfalls,
];
