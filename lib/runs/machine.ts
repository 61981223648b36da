/**
 * Where and with what a run is computed: bit identity is promised for one machine type and thread count.
 *
 * @module
 */
import type { RunRecord } from "./run_record.ts";

export function thisMachine(): RunRecord["machine"] {
  return {
    host: Deno.hostname(),
    system: `${Deno.build.os} ${Deno.osRelease()} ${Deno.build.arch}`,
    threads: navigator.hardwareConcurrency,
  };
}

/** The commit of the working tree that this code is of, wherever it was started, and whether tracked files differ from it; undefined outside git. */
export async function gitState(): Promise<RunRecord["git"]> {
  const commit = await git("rev-parse", "HEAD");
  if (commit === undefined) return undefined;
  return { commit, modified: await git("status", "--porcelain", "--untracked-files=no") !== "" };
}

async function git(...args: string[]): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command("git", {
      args: ["-C", import.meta.dirname!, ...args],
      stderr: "null",
    }).output();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch {
    return undefined; // git is not installed, or may not be run
  }
}
