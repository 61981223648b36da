/**
 * Whether something else works on the machine while it is measured: a contest that is disturbed as a whole may have a
 * narrow spread and a wrong ratio, since contestants do not suffer alike.
 *
 * @module
 */

/**
 * Begins to watch.
 *
 * @returns tells which share of the processors' time other programs have used since, 0 to 1; call it when all processes
 *   that this one started have ended, since those that live would count as others
 */
export async function watchOthers(): Promise<() => Promise<number>> {
  const before = await readTimes();
  return async () => othersShare(before, await readTimes());
}

async function readTimes(): Promise<string> {
  // Deno itself may read /proc with all permissions only.
  const args = [`/proc/${Deno.pid}/stat`, "/proc/stat"];
  const { stdout } = await new Deno.Command("cat", { args, stderr: "null" }).output();
  return new TextDecoder().decode(stdout);
}

/** The same from what Linux says before and after: the line of this process, then those of the processors. */
export function othersShare(before: string, after: string): number {
  const [a, b] = [timesOf(before), timesOf(after)];
  const all = b.all - a.all;
  return all > 0 ? Math.max(0, (b.busy - a.busy - (b.own - a.own)) / all) : 0;
}

function timesOf(text: string) {
  const [process, processors] = text.split("\n");
  // The program's name, in brackets, may hold spaces. Fields 14 to 17: this process and the children it waited for.
  const own = sum(process!.replace(/^.*\) /, "").split(" ").slice(11, 15));
  // User, nice, system, idle, waiting, interrupts, and what the host of a virtual machine took.
  const times = processors!.split(/ +/).slice(1, 9);
  return { own, all: sum(times), busy: sum(times) - sum(times.slice(3, 5)) };
}

function sum(texts: readonly string[]): number {
  return texts.map(Number).reduce((a, b) => a + b, 0);
}
