/**
 * Figures and tables of a study: rows in, Plotly figures and tables out. A figure or a table that ends a notebook's
 * cell shows itself; {@linkcode show} shows one anywhere.
 *
 * @module
 */
export { describe, type Figure, figure } from "../plots/figure.ts";
export { show } from "../plots/show.ts";
export { saveFigure } from "../plots/save_figure.ts";
export { figureToSvg } from "../plots/rendering/render_svg.ts";
export { svgToPng } from "../plots/rendering/render_png.ts";
export { organColour, organColours } from "../plots/palette.ts";
export type { Arms, ScoreRow } from "../metrics/score_row.ts";
export { organDice } from "../plots/arms/organ_dice.ts";
export { organBoxes } from "../plots/arms/organ_boxes.ts";
export { organBars } from "../plots/arms/organ_bars.ts";
export { armComparison, armDifferences } from "../plots/arms/arm_comparison.ts";
export { type Table, table, tableToMarkdown, tableToText } from "../plots/tables/table.ts";
export { tableToLatex } from "../plots/tables/latex_table.ts";
export { saveTable } from "../plots/tables/save_table.ts";
export { paperTable } from "../plots/arms/paper_table.ts";
export { armCurves } from "../plots/arms/arm_curves.ts";
export { axisFigure } from "../plots/axes/axis_figure.ts";
export { axisTable } from "../plots/axes/axis_table.ts";
export { ablationTable } from "../plots/arms/ablation_table.ts";
export { differenceTable, intervalTable } from "../plots/arms/comparison_table.ts";
export { pseudoFilterTable } from "../plots/training/pseudo_filter_table.ts";
export { gradientTable, type HistoryOfRun } from "../plots/training/gradient_table.ts";
export { domainMatrix, type DomainMatrixOptions } from "../plots/arms/domain_matrix.ts";
export { claimFigure } from "../plots/claims/claim_figure.ts";
export { claimTable, gateText, verdictText } from "../plots/claims/claim_table.ts";
export { relationMatrix, type RelationMatrixOptions } from "../plots/training/relation_matrix.ts";
export { vectorMatrix, type VectorMatrixOptions } from "../plots/training/vector_matrix.ts";
export type { ClassRelation } from "../losses/class_relation.ts";
export { convergenceTable } from "../plots/training/convergence_table.ts";
export type { TrainedRun } from "../comparison/convergence.ts";
export { postprocessingTable } from "../plots/training/postprocessing_table.ts";
export { pseudoLabelTable } from "../plots/training/pseudo_label_table.ts";
export { worstCaseTable, worstTitle } from "../plots/arms/worst_case_table.ts";
export { summaryTable } from "../plots/arms/summary_table.ts";
export { organTable } from "../plots/arms/organ_table.ts";
export { trainingCurves } from "../plots/training/training_curves.ts";
export { pseudoLabelQuality, type PseudoLabelQualityRow } from "../plots/training/pseudo_label_quality.ts";
export { teacherFigure, type TeacherRow } from "../plots/training/teacher_figure.ts";
export { sliceOverlays, type SliceRow } from "../plots/scans/slice_overlays.ts";
export type { CohortCase } from "../plots/cohort/cohort_case.ts";
export { findingsTable, geometryTable, intensityTable } from "../plots/cohort/cohort_tables.ts";
export { labelSetMatrix, organCooccurrence } from "../plots/cohort/label_sets.ts";
export { organVolumes } from "../plots/cohort/organ_volumes.ts";
export { type BrowsedScan, sliceBrowser } from "../plots/scans/slice_browser.ts";
export type { Plane } from "../plots/scans/slice.ts";
export { type VolumeView, volumeView, type VolumeViewOptions } from "../plots/volumes/volume_view.ts";
export type { CaseVolumes, PageOrgan } from "../plots/volumes/volume_page.ts";
