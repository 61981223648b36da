/**
 * The folder in which JupyterLab works: copies of the project's notebooks, so that its autosave rewrites nothing that git
 * keeps.
 *
 * @module
 */
import { join } from "@std/path";
import { readTextIfThere, writeJson, writeWholeFile } from "../files/whole_file.ts";
import { exists } from "../files/whole_folder.ts";
import { contentHash } from "../files/content_hash.ts";
import { readNotebook } from "../runs/notebooks/notebook.ts";
import { filesNamed } from "./project.ts";

export interface LabWorkspaceOptions {
  /** The project's folder. */
  project: string;
  /** Folders of notebooks, from the project's folder on. */
  folders: readonly string[];
  /** Where the copies lie, as in the project. */
  workspace: string;
}

/**
 * Brings the copies up to date: one that nobody has edited follows the project's notebook, with its outputs as long as
 * the cells are the same. An edited one is left as it is.
 *
 * @returns the edited copies that differ from the project's notebooks, from the workspace on
 */
export async function updateCopies({ project, folders, workspace }: LabWorkspaceOptions): Promise<string[]> {
  const file = join(workspace, ".copied.json");
  const copied: Record<string, string> = JSON.parse(await readTextIfThere(file) ?? "{}");
  const differing: string[] = [];
  for (const place of await notebooksIn(project, folders)) {
    const [source, copy] = [join(project, place), join(workspace, place)];
    const [wanted, present] = [await cellsHash(source), await cellsHash(copy)];
    if (present !== undefined && present !== wanted && present !== copied[place]) {
      differing.push(place);
      continue;
    }
    if (present !== wanted) await writeWholeFile(copy, await Deno.readTextFile(source));
    copied[place] = wanted!;
  }
  await writeJson(file, copied);
  return differing;
}

async function notebooksIn(project: string, folders: readonly string[]): Promise<string[]> {
  const found = await Promise.all(folders.map(async (folder) => {
    const names = await filesNamed(join(project, folder), ".ipynb");
    return names.map((name) => join(folder, `${name}.ipynb`));
  }));
  return found.flat();
}

/** Of the cells alone, parameters and text included; undefined where there is no file, "" where it is no notebook. */
async function cellsHash(path: string): Promise<string | undefined> {
  if (!await exists(path)) return undefined;
  try {
    const { cells } = await readNotebook(path);
    return await contentHash(cells.map(({ cell_type, source }) => [cell_type, source]));
  } catch {
    return "";
  }
}
