/** Processes as Linux tells of them. Deno itself may read /proc with all permissions only, which tests do not have. */

export interface ProcessState {
  /** The name of its program, at most 15 letters. */
  name: string;
  /** A letter, such as S for one that sleeps. */
  state: string;
  parent: number;
}

/** Undefined where there is no such process. */
export function processState(process: number): ProcessState | undefined {
  const { success, stdout } = new Deno.Command("cat", { args: [`/proc/${process}/stat`], stderr: "null" })
    .outputSync();
  if (!success) return undefined;
  const [, name, state, parent] = new TextDecoder().decode(stdout).match(/\((.*)\) (\S+) (\S+)/s)!;
  return { name: name!, state: state!, parent: Number(parent) };
}

/** A zombie, which nobody has waited for, is dead. */
export function isAlive(process: number): boolean {
  const found = processState(process);
  return found !== undefined && !["Z", "X"].includes(found.state);
}
