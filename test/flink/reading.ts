import type { Plan } from "../../bin/plan/plan";
import type { FlinkSessionSettings } from "../../components/flink/schema";
import { at, find } from "../support/plans";
import { config, jobManager, mainContainer, template, textOf } from "./fixtures";

/** Reads something of a plan. */
export type Read = (plan: Plan) => unknown;

/** A setting, settings with it, where the plan shows it, and what stands there. */
export type Effect = readonly [setting: string, settings: FlinkSessionSettings, read: Read, expected: unknown];

/** A key of config.yaml. */
export const key =
    (name: string): Read =>
    (plan) =>
        config(plan)[name];

/** A field of the JobManager's pod. */
export const pod =
    (path: string): Read =>
    (plan) =>
        jobManager(plan, `spec.template.spec.${path}`);

/** A field of the JobManager's container. */
export const container =
    (path: string): Read =>
    (plan) =>
        mainContainer(plan, path);

/** A field of the TaskManagers' template. */
export const worker =
    (path: string): Read =>
    (plan) =>
        at(template(plan), path);

/** A field of an object with a name. */
export const object =
    (kind: string, name: string, path: string): Read =>
    (plan) =>
        at(find(plan, kind, name).inputs, path);

/** A field of the Service of the REST API. */
export const rest = (path: string) => object("Service", "flink-team-rest", path);

/** The lines of log4j-console.properties. */
export const log = (plan: Plan): readonly string[] =>
    textOf(plan, "flink-config-flink-team", "log4j-console.properties").split("\n");
