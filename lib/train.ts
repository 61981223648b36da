/**
 * `consilium/train`: what the experiments' notebooks call.
 *
 * @module
 */
export { completeLabels, evaluate, keepFigure, loadCohort, startRun } from "./commands/training_session.ts";
export { sliceExamples } from "./commands/slice_examples.ts";
export { trainFullOrganModels } from "./stages/full_organ.ts";
export { trainPartialOrganModels } from "./stages/partial_organ.ts";
export { trainPooledModel } from "./stages/pooled.ts";
