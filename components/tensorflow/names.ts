import type { Labels } from "../foundation/labels";

/*
 * What Kubeflow Trainer 2.3.0 and its JobSet make of a job, by their code (pkg/constants, pkg/runtime/framework/plugins/
 * jobset of the trainer; JobSet's API v1alpha2).
 */

export const apiVersion = "trainer.kubeflow.org/v1alpha1";

/** Name of the one replicated job and of its container: the trainer looks for both by it. */
export const node = "node";

/** Marks the replicated job that a TrainJob's `trainer` changes. */
export const trainerStep: Labels = { "trainer.kubeflow.org/trainjob-ancestor-step": "trainer" };

/** Says to the trainer's clients which framework a runtime is for. */
export const frameworkLabel: Labels = { "trainer.kubeflow.org/framework": "tensorflow" };

/** Labels by which JobSet marks the nodes of every job of a namespace. */
export const nodeLabels: Labels = { "jobset.sigs.k8s.io/replicatedjob-name": node };

/** Port of the nodes among themselves: TensorFlow's own example, and one that needs no privilege. */
export const nodePort = 2222;
