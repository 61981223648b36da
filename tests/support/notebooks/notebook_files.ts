/** The project's notebooks as they lie in it. */
import { join } from "@std/path";
import { projectRoot } from "../../../lib/setup/tool_paths.ts";
import { type Notebook, readNotebook } from "../../../lib/runs/notebooks/notebook.ts";

export interface NotebookFile {
  /** Path from the project's folder on. */
  path: string;
  notebook: Notebook;
}

export async function projectNotebooks(): Promise<NotebookFile[]> {
  const found: NotebookFile[] = [];
  for (const folder of ["experiments", "notebooks"]) {
    for await (const { name } of Deno.readDir(join(projectRoot, folder))) {
      const path = join(folder, name);
      if (name.endsWith(".ipynb")) {
        found.push({ path, notebook: await readNotebook(join(projectRoot, path)) });
      }
    }
  }
  return found.sort((a, b) => a.path < b.path ? -1 : 1);
}

/** Source of the code cells. */
export function codeOf(notebook: Notebook): string[] {
  return notebook.cells.filter(({ cell_type }) => cell_type === "code").map(({ source }) => source);
}
