/**
 * Runs that are killed, that may write no further, and whose files are damaged between two starts: the run ends with the same bits, or
 * an error names the file.
 */
import { join, relative } from "@std/path";
import { createRandom, integer, type RandomGenerator } from "../../lib/data/random.ts";
import { canonicalJson } from "../../lib/files/content_hash.ts";
import { filesBelow } from "../../lib/files/folder_contents.ts";
import { bytesHash } from "../../lib/files/seal.ts";
import { readHistory, readMetrics } from "../../lib/runs/folder/read_run.ts";
import { readRunRecord } from "../../lib/runs/folder/run_record.ts";
import { projectRoot, toolPaths } from "../../lib/setup/tool_paths.ts";
import type { Input } from "./assault.ts";
import { mutate } from "./mutations.ts";

/** As the table of an attack has it. */
export const RUNS_UNDER_FAULTS = "run under faults";

/** Such an input starts a run several times: of these there are so many fewer. */
export const FEWER = 20;

/** Faults of one input before the run is let alone. */
const MOST_FAULTS = 3;

/** Enough for a kill at any moment of a run of 80 steps that take a millisecond. */
const LONGEST_MS = 700;

interface Ended {
  code: number;
  said: string;
}

/** Starts the run of tests/support/runs/fake_training.ts. @param limit shell commands before it. @default none */
async function start(results: string, { limit = "", killAfterMs }: { limit?: string; killAfterMs?: number }) {
  const program = [
    "run",
    "-A",
    "--quiet",
    "--no-check",
    "tests/support/runs/fake_training.ts",
    results,
    "1",
    "1",
  ];
  const child = new Deno.Command("sh", {
    args: ["-c", `${limit} exec "$0" "$@"`, toolPaths().deno, ...program],
    cwd: projectRoot,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => {
    try {
      child.kill("SIGKILL");
    } catch {
      // it has ended by itself
    }
  }, killAfterMs);
  const { code, stderr } = await child.output();
  clearTimeout(timer);
  return { code, said: new TextDecoder().decode(stderr) };
}

/** What finished runs say; none of them: undefined. */
async function contentOf(results: string): Promise<Set<string>> {
  const seed = join(results, "toy/mutual/seed_1"), contents = new Set<string>();
  for await (const { name, isDirectory } of Deno.readDir(seed)) {
    const folder = join(seed, name);
    if (!isDirectory || !/^v\d+$/.test(name) || (await readRunRecord(folder))?.status !== "finished") {
      continue;
    }
    contents.add(bytesHash(canonicalJson([await readMetrics({ folder }), await readHistory({ folder })])));
  }
  return contents;
}

type Fault = (results: string, random: RandomGenerator) => Promise<string>;

/** Each does its harm and says to which file. */
const faults: Record<string, Fault> = {
  async killed(results, random) {
    await start(results, { killAfterMs: integer(random, [20, LONGEST_MS]) });
    return "";
  },
  async "disk full"(results, random) {
    // A process that ignores the signal gets an error from the write that goes too far, as of a full disk.
    await start(results, { limit: `trap "" XFSZ; ulimit -f ${integer(random, [0, 9])};` });
    return "";
  },
  async "file damaged"(results, random) {
    const paths = (await Array.fromAsync(filesBelow(results))).filter((path) => !path.endsWith("lock"))
      .sort();
    if (paths.length === 0) return "";
    const path = paths[integer(random, [0, paths.length - 1])]!;
    const form = /\.(json|csv|jsonl)$|\/state$/.test(path) ? "text" : "bytes";
    await Deno.writeFile(path, mutate(await Deno.readFile(path), { form, random }).bytes);
    return relative(results, path);
  },
};

async function outcomeOf(results: string, whole: string): Promise<Pick<Input, "outcome" | "told">> {
  const { code, said }: Ended = await start(results, {});
  if (code !== 0) {
    // Of what this module's own child says the stack is no part.
    const told = said.split("\n").find((line) => /error/i.test(line)) ?? said;
    return { outcome: told.includes(results) ? "refused" : "unnamed", told };
  }
  try {
    const contents = await contentOf(results);
    if (contents.size === 0) return { outcome: "wrong", told: `nothing is finished: ${said}` };
    if (contents.size > 1 || !contents.has(whole)) return { outcome: "wrong", told: [...contents].join(" ") };
    return { outcome: "same" };
  } catch (error) {
    const told = (error as Error).message;
    return { outcome: told.includes(results) ? "refused" : "unnamed", told };
  }
}

/** One run after the other, each with faults of its own, as its number and the seed say. */
export async function* runsUnderFaults(
  { seed, inputs }: { seed: number; inputs: number },
): AsyncGenerator<Input> {
  const root = await Deno.makeTempDir({ prefix: "consilium_attack_" });
  try {
    await start(join(root, "whole"), {});
    const [whole = ""] = await contentOf(join(root, "whole"));
    for (let index = 0; index < inputs; index++) {
      const random = createRandom(seed, `${RUNS_UNDER_FAULTS} ${index}`), results = join(root, String(index));
      await Deno.mkdir(results);
      const kinds: string[] = [], files: string[] = [];
      for (let left = integer(random, [1, MOST_FAULTS]); left > 0; left--) {
        const names = Object.keys(faults), kind = names[integer(random, [0, names.length - 1])]!;
        kinds.push(kind);
        files.push(await faults[kind]!(results, random));
      }
      const made = await outcomeOf(results, whole);
      yield { index, kind: kinds.join(", "), file: files.filter((file) => file !== "").join(", "), ...made };
      await Deno.remove(results, { recursive: true });
    }
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}
