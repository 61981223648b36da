/**
 * The notebook's file that this kernel belongs to, and what may be shown in it.
 *
 * @module
 */
import { isAbsolute, join } from "node:path";
import { projectRoot } from "../../setup/tool_paths.ts";
import { typed } from "../../setup/typed.ts";

/** Environment variable by which `task run` hands its folder to the kernel. */
export const runFolderVariable = "CONSILIUM_RUN";

/**
 * Path of the notebook whose session started this kernel, as JupyterLab names it; undefined in other programs, such as
 * papermill and VS Code.
 */
export function notebookFile(): string | undefined {
  const path = Deno.env.get("JPY_SESSION_NAME") ?? "";
  return isAbsolute(path) && path.endsWith(".ipynb") ? path : undefined;
}

/** Media type that marks what must not be published; no program shows it. */
export const UNPUBLISHED = "application/vnd.consilium.unpublished+json";

/**
 * Why pictures of scans that must not be published cannot be shown here: a notebook's file keeps what it shows, and git may
 * keep the file. Undefined where it does not: below the project's data/, and in a task's kernel, whose notebook is
 * published without them.
 */
export function whyNotShown(): string | undefined {
  if (Deno.env.get(runFolderVariable) !== undefined) return undefined;
  const file = notebookFile();
  if (file !== undefined && isBelow(file, join(projectRoot, "data"))) return undefined;
  return "This shows scans that must not be published (publishScans of their cohort), and git may keep what this notebook " +
    `shows. Open it in JupyterLab as \`${typed("lab")}\` starts it, which works in data/lab.`;
}

function isBelow(file: string, folder: string): boolean {
  try {
    return Deno.realPathSync(file).startsWith(`${Deno.realPathSync(folder)}/`);
  } catch {
    return false; // renamed since: nobody knows where it is
  }
}
