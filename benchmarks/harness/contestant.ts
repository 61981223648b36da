/**
 * A process that does one piece of work over and over on request, and is measured from outside: ours and a peer's alike.
 *
 * @module
 */
import { startProgram, type StartProgramOptions } from "./talking_program.ts";

export type ContestantOptions = StartProgramOptions;

/** One repetition. */
export interface Repetition {
  seconds: number;
  /** Numbers that the other contestants must reproduce. */
  output: number[];
}

/** A started contestant that has loaded everything and waits. */
export interface Contestant {
  name: string;
  repeat(): Promise<Repetition>;
  /** Resident memory as it is, MiB. */
  residentMiB(): Promise<number>;
  /** Begins a new measurement of the peak. */
  resetPeak(): Promise<void>;
  /** Highest resident memory since the last reset, MiB. */
  peakMiB(): Promise<number>;
  close(): Promise<void>;
}

/**
 * Starts a contestant and waits until it is ready. It answers as `serveContestant` does.
 *
 * @throws Error with the last lines that the process wrote when it ends before it answers
 */
export async function startContestant(options: ContestantOptions): Promise<Contestant> {
  const { name } = options;
  const { pid, answer, write, endedError, close } = startProgram(options);

  // Linux tells a process's memory, and forgets its peak, in /proc, which Deno itself reads with all permissions only.
  async function status(key: string): Promise<number> {
    const { text } = await shell(`cat /proc/${pid}/status`);
    const found = text.match(new RegExp(`^${key}:\\s+(\\d+) kB`, "m"));
    if (!found) throw await endedError(); // a process that has ended has no memory
    return Number(found[1]) / 1024;
  }

  async function resetPeak(): Promise<void> {
    const command = `echo 5 > /proc/${pid}/clear_refs`;
    if ((await shell(command)).success) return;
    await status("VmRSS");
    throw new Error(`Cannot measure the peak memory of ${name}: \`${command}\` failed`);
  }

  await answer<{ ready: true }>();
  return {
    name,
    async repeat() {
      await write("\n");
      return await answer<Repetition>();
    },
    residentMiB: () => status("VmRSS"),
    resetPeak,
    peakMiB: () => status("VmHWM"),
    close,
  };
}

async function shell(command: string): Promise<{ success: boolean; text: string }> {
  const { success, stdout } = await new Deno.Command("sh", { args: ["-c", command], stderr: "null" })
    .output();
  return { success, text: new TextDecoder().decode(stdout) };
}
