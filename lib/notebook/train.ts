/**
 * `consilium/train`: what the experiments' notebooks call. The examples of loadCohort, startRun, trainStage, completeLabels, scribbleLabels, growScribbles,
 * evaluate, keepFigure and sliceExamples are the cells of one notebook, in this order.
 *
 * @module
 */
export { completeLabels } from "../workbench/session/complete_labels.ts";
export { evaluate } from "../workbench/session/evaluate.ts";
export { keepFigure } from "../workbench/session/keep_figure.ts";
export { sliceExamples } from "../workbench/session/slice_examples.ts";
export { growScribbles } from "../workbench/session/grow_scribbles.ts";
export { scribbleLabels } from "../workbench/session/scribble_labels.ts";
export { loadCohort, startRun } from "../workbench/session/start_run.ts";
export { trainStage } from "../workbench/session/train_stage.ts";
