/**
 * The training stages as an experiment's notebook calls them: with its run's parameters, and nothing else.
 *
 * @module
 */
import type { StoredCase } from "../../data/store/stored_case.ts";
import type { Run } from "../../runs/start_run.ts";
import * as full from "../../methods/mutual/full_organ.ts";
import * as partial from "../../methods/mutual/partial_organ.ts";
import * as pooled from "../../methods/pooled.ts";
import type { TrainedModel } from "../../training/team.ts";
import type { LoadedStudy } from "../load_study.ts";
import { madeBy, requireOwn } from "./made_by.ts";
import { requireSettings } from "./stage_settings.ts";

/**
 * Stage 1, {@linkcode partial.trainPartialOrganModels}.
 *
 * @throws Error when study or options are not those that the run was started with
 */
export async function trainPartialOrganModels(
  study: LoadedStudy,
  run: Run,
  options: partial.PartialOrganOptions = {},
): Promise<TrainedModel[]> {
  const { partialOrganSteps, learningRate } = study.training;
  const ofCohort = { partialOrganSteps, learningRate };
  requireSettings("train partial-organ models", { study, run, options, ofCohort });
  return madeBy(run, await run.during(() => partial.trainPartialOrganModels(study, run, options)));
}

/**
 * Stage 2, {@linkcode full.trainFullOrganModels}.
 *
 * @throws Error when study, options or completed cases are not the run's
 */
export async function trainFullOrganModels(
  study: LoadedStudy,
  run: Run,
  options: full.FullOrganOptions & { completed: readonly (readonly StoredCase[])[] },
): Promise<full.FullOrganTeam> {
  const action = "train full-organ models";
  const { fullOrganSteps, learningRate } = study.training;
  requireSettings(action, { study, run, options, ofCohort: { fullOrganSteps, learningRate } });
  requireOwn(options.completed, { run, what: "completed cases", action });
  const team = await run.during(() => full.trainFullOrganModels(study, run, options));
  madeBy(run, team.models);
  return team;
}

/**
 * One network on all datasets, {@linkcode pooled.trainPooledModel}.
 *
 * @throws Error when study, options or completed cases are not the run's
 */
export async function trainPooledModel(
  study: LoadedStudy,
  run: Run,
  options: pooled.PooledOptions = {},
): Promise<TrainedModel> {
  const action = "train the pooled model";
  const { partialOrganSteps, fullOrganSteps, learningRate } = study.training;
  const steps = options.completed ? fullOrganSteps : partialOrganSteps + fullOrganSteps;
  requireSettings(action, { study, run, options, ofCohort: { fullOrganSteps: steps, learningRate } });
  requireOwn(options.completed ?? [], { run, what: "completed cases", action });
  const model = await run.during(() => pooled.trainPooledModel(study, run, options));
  madeBy(run, [model]);
  return model;
}
