/**
 * `consilium/train`: what the experiments' notebooks call.
 *
 * @module
 */
export {
  completeLabels,
  evaluate,
  keepFigure,
  trainFullOrganModels,
  trainPartialOrganModels,
  trainPooledModel,
} from "./commands/recorded_stages.ts";
export { sliceExamples } from "./commands/slice_examples.ts";
export { loadCohort, startRun } from "./commands/training_session.ts";
