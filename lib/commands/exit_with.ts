/**
 * How a command ends as a program.
 *
 * @module
 */

export interface ExitOptions {
  /** Exit code when the command throws. @default 2 */
  onError?: number;
}

/** Runs a command with the program's arguments and ends the program with its code; an error is its message. */
export async function exitWith(
  command: (args: string[]) => Promise<number>,
  { onError = 2 }: ExitOptions = {},
): Promise<never> {
  try {
    return Deno.exit(await command(Deno.args));
  } catch (error) {
    console.error((error as Error).message);
    Deno.exit(onError);
  }
}
