/**
 * `consilium/train`: what the experiments' notebooks call.
 *
 * @module
 */
export { completeLabels, evaluate, keepFigure, loadCohort, startRun } from "./commands/training_session.ts";
export { sliceExamples } from "./commands/slice_examples.ts";
export { trainFullOrganModels, trainPartialOrganModels, trainPooledModel } from "./commands/train_models.ts";
