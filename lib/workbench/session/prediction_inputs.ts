/**
 * What predictions of scans depend on, for the identity of the stages that make them.
 *
 * @module
 */
import type { Inference } from "../../models/inference_rule.ts";
import { weightsHash } from "../../models/weights.ts";
import { engineVersion } from "../../training/engine_version.ts";
import type { TrainedModel } from "../../training/train.ts";
import type { LoadedStudy } from "../load_study.ts";

/** How trained models predict together. */
export interface Predicting {
  models: readonly TrainedModel[];
  inference: Inference;
}

/** Models, rule of inference, preprocessing, and the study's files: cases are predicted from those, not from the store. */
export function predictionInputs(study: LoadedStudy, { models, inference }: Predicting) {
  return {
    inference,
    engine: engineVersion,
    models: models.map(({ name, organs, joint, model, validationDice }) => ({
      name,
      organs,
      joint,
      validationDice,
      head: model.head.plan,
      weights: weightsHash(model),
    })),
    organs: study.organs,
    groups: study.groups,
    preprocessing: study.preprocessing,
    window: study.patch,
    precision: study.network.precision,
    data: study.data.hash,
  };
}
