/**
 * Where set-up puts the programs and folders of a project.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { hasNvidiaDriver } from "./platform.ts";

/** The folder of deno.json; no slash at the end. */
export const projectRoot = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** A program and its arguments. */
export type Command = [program: string, ...args: string[]];

/** Absolute paths of the programs set-up installs. */
export interface ToolPaths {
  /** The Python of the project's environment. */
  python: string;
  /** Executes a notebook with parameters. */
  papermill: string;
  /** The pinned Deno, which is also the notebooks' kernel. */
  deno: string;
  /**
   * `[…dieWithParent, folder, program, …arguments]` runs the program in `folder` and has Linux kill it as soon
   * as the process that started it ends, even by SIGKILL.
   */
  dieWithParent: Command;
}

/** The programs of the project in `root`; they exist once `ensureSetup` has returned. */
export function toolPaths(root: string = projectRoot): ToolPaths {
  const bin = `${root}/.venv/bin`;
  return {
    python: `${bin}/python`,
    papermill: `${bin}/papermill`,
    deno: `${bin}/deno`,
    dieWithParent: dieWithParent(root, `${bin}/python`),
  };
}

/** As {@linkcode ToolPaths.dieWithParent}, with any Python: set-up uses it before the environment exists. */
export function dieWithParent(root: string, python: string): Command {
  return [python, "-I", "-S", `${root}/lib/setup/python/die_with_parent.py`];
}

/** The environment's site-packages folder, or a path that does not exist while there is no environment. */
export function sitePackages(root: string): string {
  const lib = `${root}/.venv/lib`;
  try {
    for (const { name } of Deno.readDirSync(lib)) {
      if (/^python3\.\d+$/.test(name)) return `${lib}/${name}/site-packages`;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return `${lib}/python3/site-packages`;
}

/** The folder of CUDA's wheels and TensorFlow's GPU wheel, beside the environment's own packages. */
export function cudaPackages(root: string): string {
  return `${root}/.venv/cuda`;
}

/**
 * Whether TensorFlow's GPU build is used: where there is a driver, and from then on also where there is none, such as on the
 * login node of a cluster that shares this folder with nodes that have one. There it computes on the processor.
 */
export function usesCuda(root: string): boolean {
  return hasNvidiaDriver() || existsSync(cudaPackages(root));
}

/** The TensorFlow wheel that the addon is built against. */
export function tensorflowFolder(root: string, cuda: boolean): string {
  return `${cuda ? cudaPackages(root) : sitePackages(root)}/tensorflow`;
}
