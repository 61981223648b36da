/** The stages of mutual learning and of one network, as tests call them: values by name, and `steps` for the stage's own. */
import type { PreparedStudy } from "../../../lib/data/store/prepared_study.ts";
import type { StoredCase } from "../../../lib/data/store/stored_case.ts";
import type { Stage } from "../../../lib/methods/definition/method.ts";
import { fullOrgan } from "../../../lib/methods/mutual/full_organ.ts";
import type { LessonRow } from "../../../lib/methods/mutual/lesson_book.ts";
import type { mutualParameters } from "../../../lib/methods/mutual/parameters.ts";
import { partialOrgan } from "../../../lib/methods/mutual/partial_organ.ts";
import type { ValuesOf } from "../../../lib/methods/definition/parameter.ts";
import { pooled } from "../../../lib/methods/pooled.ts";
import { singleMarginal } from "../../../lib/methods/single_marginal.ts";
import { trainMethodStage } from "../../../lib/methods/definition/train_stage.ts";
import type { Recorder } from "../../../lib/training/recorder.ts";
import type { TrainedModel, TrainingSettings } from "../../../lib/training/train.ts";

export interface StageOptions
  extends
    Partial<ValuesOf<typeof mutualParameters>>,
    Pick<TrainingSettings, "workers" | "checkpointSeconds"> {
  /** Of the stage; 0 means the cohort's. @default 0 */
  steps?: number;
  /** Training cases of each dataset with pseudo labels. */
  completed?: readonly (readonly StoredCase[])[];
  /** Models of stage 1. @default none: stage 2 starts afresh */
  specialists?: readonly TrainedModel[];
}

async function trained(stage: Stage, study: PreparedStudy, recorder: Recorder, options: StageOptions) {
  const { steps = 0, workers, checkpointSeconds, completed, specialists = [], ...values } = options;
  return await trainMethodStage(study, recorder, {
    stage,
    values: { ...values, [stage.steps]: steps } as Record<string, number | string | boolean>,
    inputs: { completed, specialists },
    workers,
    checkpointSeconds,
  });
}

export async function trainPartialOrganModels(
  study: PreparedStudy,
  recorder: Recorder,
  options: StageOptions = {},
): Promise<TrainedModel[]> {
  return (await trained(partialOrgan, study, recorder, options)).models;
}

export async function trainFullOrganModels(
  study: PreparedStudy,
  recorder: Recorder,
  options: StageOptions & Required<Pick<StageOptions, "completed">>,
): Promise<{ models: TrainedModel[]; lessons: LessonRow[] }> {
  const { models, memory } = await trained(fullOrgan, study, recorder, options);
  return { models, lessons: memory.lessons as LessonRow[] };
}

/** With completed cases as `pooled`, without as `single_marginal`. */
export async function trainPooledModel(
  study: PreparedStudy,
  recorder: Recorder,
  options: StageOptions = {},
): Promise<TrainedModel> {
  const { stage } = (options.completed ? pooled.stages.pooled : singleMarginal.stages.single)!;
  return (await trained(stage, study, recorder, options)).models[0]!;
}
