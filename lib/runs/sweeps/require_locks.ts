/**
 * Whether the locks by which runs and sweeps keep out of each other's way hold where results lie.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { tryLock } from "../../files/file_lock.ts";
import { localLocks } from "../../files/local_locks.ts";
import { toolOutput } from "../../setup/tool_output.ts";
import { toolPaths } from "../../setup/tool_paths.ts";
import { reasonOf } from "../../text/error_text.ts";

export interface RequireLocksOptions {
  /** Machines other than this one will work in the folder, too. @default false */
  shared?: boolean | undefined;
  /** How this process takes the lock. @default as all locks are taken */
  take?: (path: string) => Promise<{ release(): void } | undefined>;
  /** How another process tries to take it meanwhile. @default a process of this machine that ends at once */
  tryElsewhere?: (path: string) => Promise<SecondTry>;
}

/** What became of the other process's try. */
export interface SecondTry {
  taken: boolean;
  /** Text of /proc/self/mountinfo. */
  mounts: string;
}

/**
 * Takes a lock in the folder, made when missing, and has another process try the same one.
 *
 * @throws Error where both get it, or none can; with `shared` also where the mounts say that other machines would not know of it
 */
export async function requireLocks(folder: string, options: RequireLocksOptions = {}): Promise<void> {
  const { shared = false, take = tryLock, tryElsewhere = tryInAnotherProcess } = options;
  // Each sweep has a file of its own, since several may begin at once.
  const path = join(folder, `.lock_${crypto.randomUUID()}`);
  try {
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(path, "");
  } catch (cause) {
    throw new Error(
      `Cannot keep results: ${reasonOf(cause)} (${folder}); CONSILIUM_RESULTS says where they lie`,
      { cause },
    );
  }
  const refuse = (what: string, cause?: unknown): never => {
    throw new Error(
      `Cannot sweep: where results lie, locks (flock) must keep processes out of each other's way, ${what} (${folder}). ` +
        "Mount that file system with locks, or have CONSILIUM_RESULTS name a folder of one that has them; nothing was started",
      { cause },
    );
  };
  try {
    const lock = await take(path).catch((cause) => refuse(`there is none: ${reasonOf(cause)}`, cause));
    const { taken, mounts } = await tryElsewhere(path);
    lock?.release();
    if (taken) refuse("two processes got the same one at once");
    const local = localLocks(await Deno.realPath(folder), mounts);
    if (shared && local !== undefined) {
      refuse(`other machines do not know of those taken here: it is ${local}`);
    }
  } finally {
    await Deno.remove(path).catch(() => {});
  }
}

const script = fromFileUrl(new URL("../../setup/python/try_lock.py", import.meta.url));

async function tryInAnotherProcess(path: string): Promise<SecondTry> {
  const output = await toolOutput(toolPaths().python, ["-I", "-S", script, path]);
  if (!output.success) {
    throw new Error(`Cannot sweep: locks cannot be tried: ${output.stderr.trim()} (${path})`);
  }
  const [said, ...mounts] = output.stdout.split("\n");
  return { taken: said === "taken", mounts: mounts.join("\n") };
}
