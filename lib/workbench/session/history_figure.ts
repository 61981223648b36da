/**
 * What a notebook shows of a stage's history.
 *
 * @module
 */
import { interactiveBundle, JUPYTER_DISPLAY } from "../../plots/figure.ts";
import { stageCurves } from "../../plots/training/stage_curves.ts";
import type { HistoryFigure } from "../../runs/progress/watchers.ts";

/** Live without the PNG form, which takes longer to draw than many steps; the last figure has it. */
export const historyFigure: HistoryFigure = {
  live: (rows) => interactiveBundle(stageCurves(rows)),
  final: (rows) => stageCurves(rows)[JUPYTER_DISPLAY](),
};
