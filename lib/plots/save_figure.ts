/**
 * Figures on disk.
 *
 * @module
 */
import { join } from "@std/path";
import { writeWholeFile } from "../files/whole_file.ts";
import type { Figure } from "./figure.ts";
import { drawFigure } from "./rendering/draw_figure.ts";

export interface SaveFigureOptions {
  /** Is made where it does not exist. Scans that must not be published go to its folder scans/, which git ignores in results/. */
  folder: string;
  /** Of the files, without extension. */
  name: string;
}

/** Paths of what was written. */
export interface SavedFigure {
  /** Plotly's JSON, for whoever wants to change it. */
  json: string;
  svg: string;
  png: string;
}

/**
 * Writes `name.json`, `name.svg` and `name.png`. Everything is drawn before anything is written, and each file takes
 * its name when it is whole.
 *
 * @throws {Error} The name is not that of a file, or the figure cannot be drawn.
 *
 * @example
 * ```ts
 * import { readArms, scoresByArm } from "consilium/results";
 * import { organDice, saveFigure } from "consilium/plots";
 *
 * const scores = scoresByArm(await readArms("hippocampus"));
 * const { svg, png } = await saveFigure(organDice(scores), { folder: "figures", name: "organ_dice" });
 * ```
 */
export async function saveFigure(figure: Figure, { folder, name }: SaveFigureOptions): Promise<SavedFigure> {
  if (!/^[\p{L}\p{N}][\p{L}\p{N}_.-]*$/u.test(name)) {
    throw new Error(
      `Cannot save figure: name must be letters, digits, "_", "-" and ".", current value is "${name}" (${folder})`,
    );
  }
  const drawn = await drawFigure(figure);
  const path = (kind: keyof SavedFigure) =>
    join(folder, figure.unpublished ? "scans" : "", `${name}.${kind}`);
  const paths: SavedFigure = { json: path("json"), svg: path("svg"), png: path("png") };
  for (const kind of ["json", "svg", "png"] as const) await writeWholeFile(paths[kind], drawn[kind]);
  return paths;
}
