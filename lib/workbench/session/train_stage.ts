/**
 * A method's stages of training as its notebook's cells call them: with its run's parameters, and nothing else.
 *
 * @module
 */
import type { MethodStage } from "../../methods/definition/method.ts";
import { trainMethodStage } from "../../methods/definition/train_stage.ts";
import type { Run } from "../../runs/open_run.ts";
import { unknownName } from "../../text/unknown_name.ts";
import type { TrainedStage } from "../../training/train.ts";
import type { LoadedStudy } from "../load_study.ts";
import { madeBy, requireOwn } from "./made_by.ts";
import { methodOf } from "./run_method.ts";
import { requireStudy } from "./require_study.ts";

/** What earlier cells made, by the name that the stage has for it. */
export type StageInputs = Readonly<Record<string, readonly object[]>>;

/** What a stage gave, as a cell reads it: what a stage remembers is its method's own. */
export interface StageResult extends TrainedStage {
  // deno-lint-ignore no-explicit-any
  memory: Record<string, any>;
}

/**
 * Trains a stage of the run's method, or goes on with it, or restores what it gave.
 *
 * @param stage its name in the method
 * @param inputs what earlier cells made, such as `{ completed }`
 * @returns the trained models, best on validation, and what the stage remembers, such as who taught whom
 * @throws Error when the method has no such stage, or study or inputs are not those of the run
 *
 * @example
 * ```ts
 * import { trainStage } from "consilium/train";
 *
 * const { models: specialists } = await trainStage(study, run, "partial_organ");
 * ```
 */
export async function trainStage(
  study: LoadedStudy,
  run: Run,
  stage: string,
  inputs: StageInputs = {},
): Promise<StageResult> {
  const action = `train ${stage}`;
  const found = findStage(run, stage);
  requireStudy(action, { study, run });
  requireInputs(action, { stage: found, inputs });
  for (const [what, things] of Object.entries(inputs)) requireOwn(things, { run, what, action });
  const trained = await run.during(() =>
    trainMethodStage(study, run, { ...found, values: run.parameters, inputs })
  );
  madeBy(run, trained.models);
  return trained;
}

function findStage(run: Run, name: string): MethodStage {
  const { stages } = methodOf(run);
  const found = Object.hasOwn(stages, name) ? stages[name] : undefined;
  if (found) return found;
  throw new Error(`Cannot train: the stage ${unknownName(name, Object.keys(stages))}`);
}

/** Notebooks are not type-checked: what nobody reads would pass for an input, and a parameter for a setting. */
function requireInputs(
  action: string,
  { stage: { stage }, inputs }: { stage: MethodStage; inputs: StageInputs },
): void {
  const wanted: readonly string[] = stage.inputs ?? [];
  const missing = wanted.filter((name) => !Array.isArray(inputs[name]) || inputs[name].length === 0);
  const odd = Object.keys(inputs).filter((name) => !wanted.includes(name));
  const problems = [
    ...missing.map((name) => `${name} must be given, as an earlier cell made it`),
    ...odd.map((name) => `${oddInput(name, wanted)}; parameters are those of the cell with startRun`),
  ];
  if (problems.length > 0) throw new Error(`Cannot ${action}: ${problems.join("; ")}`);
}

function oddInput(name: string, wanted: readonly string[]): string {
  return wanted.length > 0
    ? `an input ${unknownName(name, wanted)}`
    : `the stage wants nothing from earlier cells, given is ${name}`;
}
