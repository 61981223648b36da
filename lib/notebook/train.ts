/**
 * `consilium/train`: what the experiments' notebooks call.
 *
 * @module
 */
export {
  completeLabels,
  evaluate,
  keepFigure,
  loadCohort,
  startRun,
} from "../workbench/session/training_session.ts";
export { sliceExamples } from "../workbench/session/slice_examples.ts";
export {
  trainFullOrganModels,
  trainPartialOrganModels,
  trainPooledModel,
} from "../workbench/session/train_models.ts";
