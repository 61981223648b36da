/**
 * Where and with what a run is computed: bit identity is promised for one machine type and thread count.
 *
 * @module
 */
import { basename, dirname } from "@std/path";
import { computeSettings } from "../../tensors/environment.ts";
import type { RunRecord } from "./run_record.ts";

export function thisMachine(): RunRecord["machine"] {
  return {
    host: Deno.hostname(),
    system: `${Deno.build.os} ${Deno.osRelease()} ${Deno.build.arch}`,
    ...computeSettings(),
  };
}

/** The commit of the working tree that this code is of, wherever it was started, and whether tracked files differ from it; undefined outside git. */
export async function gitState(): Promise<RunRecord["git"]> {
  const commit = await git("rev-parse", "HEAD");
  if (commit === undefined) return undefined;
  return { commit, modified: await git("status", "--porcelain", "--untracked-files=no") !== "" };
}

/** The committed text of a file, or undefined where git does not have it, or there is no git. */
export function committedText(path: string): Promise<string | undefined> {
  return git("-C", dirname(path), "show", `HEAD:./${basename(path)}`);
}

async function git(...args: string[]): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command("git", {
      args: ["-C", import.meta.dirname!, ...args],
      clearEnv: true,
      env: gitEnvironment(),
      stderr: "null",
    }).output();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch {
    return undefined; // git is not installed, or may not be run
  }
}

/** Variables that lead git to another repository; and the dynamic linker's, which Deno hands on only where all may run. */
const misleading = /^(GIT_(DIR|WORK_TREE|COMMON_DIR|INDEX_FILE|OBJECT_DIRECTORY|NAMESPACE|PREFIX)|LD_.*)$/;

function gitEnvironment(): Record<string, string> {
  return Object.fromEntries(Object.entries(Deno.env.toObject()).filter(([name]) => !misleading.test(name)));
}
