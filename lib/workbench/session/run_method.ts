/**
 * The method that a run is of.
 *
 * @module
 */
import { experiments, findExperiment } from "../../methods/experiments.ts";
import type { Method } from "../../methods/definition/method.ts";
import type { Inference } from "../../models/inference_rule.ts";
import type { Parameters } from "../../runs/notebooks/parameters.ts";
import type { Run } from "../../runs/open_run.ts";
import { unknownName } from "../../text/unknown_name.ts";

/** @throws Error when the run is of no method of the registry, such as one of scores made elsewhere */
export function methodOf({ record: { experiment } }: Pick<Run, "record">): Method {
  const found = findExperiment(experiment);
  if (found) return found.method;
  throw new Error(
    `Cannot find the method: the experiment ${unknownName(experiment, Object.keys(experiments))}`,
  );
}

/** How a run predicts its test cases. */
export function inferenceOf({ record, parameters }: Pick<Run, "record" | "parameters">): Inference {
  return inferenceBy(record.experiment, parameters);
}

/** How an experiment predicts test cases with these parameters. */
export function inferenceBy(experiment: string, { inference }: Parameters): Inference {
  // Of a team that was distilled there is one model.
  if (inference === "distilled") return "best";
  return (inference ?? findExperiment(experiment)?.method.inference ?? "best") as Inference;
}
