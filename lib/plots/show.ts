/**
 * Shows figures, tables and views of volumes wherever the code runs.
 *
 * @module
 */
import { describe, type Figure, JUPYTER_DISPLAY, type MimeBundle } from "./figure.ts";
import { type Table, tableToText } from "./tables/table.ts";
import type { VolumeView } from "./volumes/volume_view.ts";

/**
 * In a notebook, displays the figure, table or view below the cell, in the midst of it as at its end; in a terminal,
 * prints the table, or one line for a figure or a view.
 *
 * @example
 * ```ts
 * import { readArms, scoresByArm } from "consilium/results";
 * import { organTable, show } from "consilium/plots";
 *
 * const scores = scoresByArm(await readArms("hippocampus"));
 * for (const [arm, rows] of Object.entries(scores)) await show(organTable(rows, { caption: arm }));
 * ```
 */
export async function show(value: Figure | Table | VolumeView): Promise<void> {
  const display = notebookDisplay();
  if (display) await display(await value[JUPYTER_DISPLAY](), { raw: true });
  else if ("html" in value) console.log(value.text);
  else console.log("columns" in value ? tableToText(value) : describe(value));
}

type Display = (bundle: MimeBundle, options: { raw: true }) => Promise<void>;

/** `Deno.jupyter` is a getter that throws outside of a notebook's kernel. */
function notebookDisplay(): Display | undefined {
  try {
    return (Deno as unknown as { jupyter: { display: Display } }).jupyter.display;
  } catch {
    return undefined;
  }
}
