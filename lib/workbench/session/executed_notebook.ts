/**
 * Which notebook is being executed.
 *
 * @module
 */
import { exists } from "../../files/whole_folder.ts";
import { type Notebook, readNotebook } from "../../runs/notebooks/notebook.ts";
import { notebookFile, runFolderVariable } from "../../runs/notebooks/notebook_file.ts";
import { labFolder } from "../project.ts";
import { notebookOf } from "../project_experiments.ts";

/**
 * The notebook of this kernel where it is known and starts the experiment: a copy whose code was edited is another source
 * than the project's. Else, as in a task's kernel and in papermill's, the project's own.
 *
 * @throws Error when the notebook was renamed since its kernel started
 */
export async function executedNotebook(experiment: string): Promise<string> {
  const own = notebookFile();
  const project = await notebookOf(experiment);
  if (own === undefined || Deno.env.get(runFolderVariable) !== undefined) return project;
  if (!await exists(own)) {
    if (!own.startsWith(`${labFolder}/`)) return project;
    throw new Error(
      `Cannot start ${experiment}: this kernel's notebook is not there any more, it may have been renamed; restart the ` +
        `kernel (${own})`,
    );
  }
  // A program started from a notebook inherits that notebook's name.
  return starts(await readNotebook(own), experiment) ? own : project;
}

function starts({ cells }: Notebook, experiment: string): boolean {
  const call = new RegExp(`\\bstartRun\\(\\s*["'\`]${experiment}["'\`]`);
  return cells.some(({ cell_type, source }) => cell_type === "code" && call.test(source));
}
