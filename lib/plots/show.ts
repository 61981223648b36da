/**
 * Shows figures and tables wherever the code runs.
 *
 * @module
 */
import { describe, type Figure, JUPYTER_DISPLAY, type MimeBundle } from "./figure.ts";
import { type Table, tableToText } from "./table.ts";

/**
 * In a notebook, displays the figure or table below the cell, in the midst of it as at its end; in a terminal, prints
 * the table, or the figure's one line.
 */
export async function show(value: Figure | Table): Promise<void> {
  const display = notebookDisplay();
  if (display) await display(await value[JUPYTER_DISPLAY](), { raw: true });
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
