/**
 * Figures that a run keeps.
 *
 * @module
 */
import type { Figure } from "../../plots/figure.ts";
import { drawFigure } from "../../plots/rendering/draw_figure.ts";
import type { Run } from "../../runs/open_run.ts";
import { FIGURES } from "./arm_work.ts";

export interface KeepFigureOptions {
  run: Run;
  /** Of the files in figures/. */
  name: string;
  /** The figure holds scan intensities: it goes to figures/scans/, which git ignores unless the licence allows it. @default false */
  scans?: boolean | undefined;
}

/** Figures that runs have drawn: that takes its time, too. */
const drawings = new WeakMap<Run, number>();

/**
 * Writes a figure as JSON, SVG and PNG into the run's folder, and returns it to be shown by the cell.
 *
 * @example
 * ```ts
 * import { keepFigure } from "consilium/train";
 * import { organDice } from "consilium/plots";
 *
 * await keepFigure(organDice(scores), { run, name: "organ_dice" });
 * ```
 */
export async function keepFigure(figure: Figure, { run, name, scans }: KeepFigureOptions): Promise<Figure> {
  if (run.finished) return figure;
  await run.during(async () => {
    const drawn = drawings.get(run) ?? 0;
    run.progress({ stage: FIGURES, step: drawn, steps: 0, activity: `drawing ${name}` });
    await run.writeFigure(name, { ...await drawFigure(figure) }, {
      scans: scans || figure.unpublished,
    });
    drawings.set(run, drawn + 1);
    run.progress({ stage: FIGURES, step: drawn + 1, steps: 0, activity: `${name} is drawn` });
  });
  return figure;
}
