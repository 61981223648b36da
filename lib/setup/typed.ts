/**
 * Commands as whoever reads a message can type them.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { denoVersion } from "./platform.ts";
import { projectRoot } from "./tool_paths.ts";

/** The launcher of the project in `root`. */
export function launcherPath(root: string = projectRoot): string {
  return `${root}/.venv/bin/consilium`;
}

/**
 * A command as it is typed here: `consilium run mutual` where that finds this project's launcher, which is where the
 * environment is active; else with npx, in the project's folder.
 *
 * @param command the command and its arguments, such as `run mutual`; see {@linkcode shellWord}
 */
export function typed(command: string): string {
  const program = findsLauncher() ? "consilium" : `npx -y deno@${denoVersion} task -q`;
  return `${program} ${command}`;
}

/** A word as a shell takes it: in quotes where it has letters that mean something there. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Whether typing `consilium` starts this project's launcher. */
export function findsLauncher(): boolean {
  const found = (Deno.env.get("PATH") ?? "").split(":").map((folder) => `${folder}/consilium`).find((file) =>
    existsSync(file)
  );
  return found !== undefined && existsSync(launcherPath()) &&
    Deno.realPathSync(found) === Deno.realPathSync(launcherPath());
}
