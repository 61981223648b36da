/**
 * `consilium/results`: what notebooks read of results/. It never loads TensorFlow.
 *
 * @module
 */
export { listRuns, type RunSummary } from "./runs/list_runs.ts";
export { readHistory, readMetrics, readPseudoLabels } from "./runs/read_run.ts";
export type { HistoryRow } from "./stages/recorder.ts";
export type { PseudoLabelRow } from "./runs/pseudo_labels.ts";
export type { RunRecord, RunStatus } from "./runs/run_record.ts";
export type { ScoreRow } from "./runs/scores.ts";
