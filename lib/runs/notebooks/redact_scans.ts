/**
 * What a notebook shows of scans must not be published with it, unless the data's licence allows that.
 *
 * @module
 */
import { UNPUBLISHED } from "./notebook_file.ts";
import { hasTag, type Notebook, type NotebookCell, readNotebook } from "./notebook.ts";
import { writeJson } from "../../files/whole_file.ts";

const line = {
  output_type: "stream",
  name: "stdout",
  text: "The output shows scans and is not kept here; figures/scans/ of the run's folder has it.\n",
};

/** A copy in which one line of text stands for what shows scans: outputs marked so, and those of cells tagged `scans`. */
export function redactScans(notebook: Notebook, { publishScans }: { publishScans: boolean }): Notebook {
  const cells = notebook.cells.map((cell) => {
    const { outputs = [] } = cell;
    if (hasTag(cell, "scans") && !publishScans && outputs.length > 0) return { ...cell, outputs: [line] };
    return outputs.some(isMarked)
      ? { ...cell, outputs: outputs.map((one) => isMarked(one) ? line : one) }
      : cell;
  });
  return { ...notebook, cells };
}

function isMarked({ data }: NonNullable<NotebookCell["outputs"]>[number]): boolean {
  return typeof data === "object" && data !== null && UNPUBLISHED in data;
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
  const notebook = withoutPaths(await readNotebook(path));
  await writeJson(to, redactScans(notebook, { publishScans }));
}

/**
 * Saves a notebook without outputs: its file may have those of another run, since an editor writes them when it likes.
 *
 * @param path file to read
 */
export async function keepCode(path: string, { to }: { to: string }): Promise<void> {
  const notebook = withoutPaths(await readNotebook(path));
  const cells = notebook.cells.map((cell) =>
    cell.outputs ? { ...cell, execution_count: null, outputs: [] } : cell
  );
  await writeJson(to, { ...notebook, cells });
}

function withoutPaths(notebook: Notebook): Notebook {
  const noted = notebook.metadata.papermill;
  if (noted) { for (const name of ["input_path", "output_path"]) delete noted[name]; }
  return notebook;
}
