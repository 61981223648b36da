/** One damaged input after the other, and what the reader made of each. */
import { basename, extname, join } from "@std/path";
import { createRandom, integer } from "../../lib/data/random.ts";
import { writeJson } from "../../lib/files/whole_file.ts";
import { filesBelow } from "../../lib/files/folder_contents.ts";
import { mutate } from "./mutations.ts";
import type { Prepared, Target } from "./target.ts";

/**
 * - refused: an error that names the file, or its folder;
 * - same: the content as it was, in spite of the damage or made again;
 * - read: other content, of a file of other people's;
 * - unnamed: an error that does not say where; wrong: other content of a file of ours, or content that cannot be; stuck: what could be
 *   made again is refused; hung: nothing for ten seconds; memory: a GiB more than before. These are faults.
 */
export type Outcome = "refused" | "same" | "read" | "unnamed" | "wrong" | "stuck" | "hung" | "memory";

export const FAULTS: readonly Outcome[] = ["unnamed", "wrong", "stuck", "hung", "memory"];

export interface Input {
  index: number;
  kind: string;
  file: string;
  outcome: Outcome;
  /** What was said, or read, of a fault. */
  told?: string;
}

/** More memory than this, of one input, is a fault. */
const MEMORY = 2 ** 30;

async function outcomeOf(
  { owes }: Target,
  { read, whole, path, folder }: Pick<Prepared, "read"> & { whole: string; path: string; folder: string },
): Promise<Pick<Input, "outcome" | "told">> {
  const before = Deno.memoryUsage().rss;
  try {
    const digest = await read();
    if (Deno.memoryUsage().rss - before > MEMORY) return { outcome: "memory" };
    if (digest === whole) return { outcome: "same" };
    return owes === "foreign" && digest !== "impossible"
      ? { outcome: "read" }
      : { outcome: "wrong", told: digest };
  } catch (error) {
    const told = error instanceof Error ? error.message : String(error);
    const named = told.includes(basename(path)) || told.includes(folder);
    if (!named) return { outcome: "unnamed", told };
    return owes === "remade" ? { outcome: "stuck", told } : { outcome: "refused" };
  }
}

export interface AssaultOptions {
  seed: number;
  /** The first input's number, and that behind the last one's. */
  from: number;
  to: number;
  /** For the target's files, empty. */
  folder: string;
  /** Where damaged files that are read all the same are kept, with what was read. @default none is */
  keep?: string | undefined;
}

/** Inputs from one number to another, each as its number and the seed say. */
export async function* assault(
  target: Target,
  { seed, from, to, folder, keep }: AssaultOptions,
): AsyncGenerator<Input> {
  const { files, read, explain } = await target.prepare(folder), whole = await read();
  const kept = new Map<string, Uint8Array>();
  for await (const path of filesBelow(folder)) kept.set(path, await Deno.readFile(path));
  for (let index = from; index < to; index++) {
    const random = createRandom(seed, `${target.name} ${index}`);
    const { path, form } = files[integer(random, [0, files.length - 1])]!, bytes = kept.get(path)!;
    let damaged = mutate(bytes, { form, random });
    while (isSame(damaged.bytes, bytes)) damaged = mutate(bytes, { form, random });
    await Deno.writeFile(path, damaged.bytes);
    const made = await outcomeOf(target, { read, whole, path, folder });
    if (keep !== undefined && explain && made.outcome === "read") {
      await Deno.copyFile(path, join(keep, `${index}${extname(path)}`));
      await writeJson(join(keep, `${index}.read.json`), await explain());
    }
    yield { index, kind: damaged.kind, file: path.slice(folder.length + 1), ...made };
    await putBack(folder, kept);
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

/** Files as they were, and none besides. */
async function putBack(folder: string, kept: ReadonlyMap<string, Uint8Array>): Promise<void> {
  for (const path of await Array.fromAsync(filesBelow(folder))) if (!kept.has(path)) await Deno.remove(path);
  for (const [path, bytes] of kept) {
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeFile(path, bytes);
  }
}
