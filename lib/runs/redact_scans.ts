/**
 * What a notebook shows of scans must not be published with it, unless the data's licence allows that.
 *
 * @module
 */
import { hasTag, type Notebook, readNotebook } from "./notebook.ts";
import { writeJson } from "../files/whole_file.ts";

/** A copy in which each output of the cells tagged `scans` is one line of text. */
export function redactScans(notebook: Notebook): Notebook {
  const text = "The output shows scans and is not kept here; figures/scans/ of the run's folder has it.\n";
  const cells = notebook.cells.map((cell) =>
    hasTag(cell, "scans") && cell.outputs && cell.outputs.length > 0
      ? { ...cell, outputs: [{ output_type: "stream", name: "stdout", text }] }
      : cell
  );
  return { ...notebook, cells };
}

/**
 * Saves a notebook as it may be published: without scans, and without the paths of this machine that papermill notes.
 *
 * @param path file to read, with all outputs
 */
export async function publishNotebook(
  path: string,
  { to, publishScans }: { to: string; publishScans: boolean },
): Promise<void> {
  const notebook = await readNotebook(path);
  const noted = notebook.metadata.papermill;
  if (noted) { for (const name of ["input_path", "output_path"]) delete noted[name]; }
  await writeJson(to, publishScans ? notebook : redactScans(notebook));
}
