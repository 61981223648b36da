/**
 * What commands answer when they are asked for help or called wrongly.
 *
 * @module
 */

/** A command that was called wrongly: its program ends with code 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** Prints a command's help; returns the exit code. */
export function showHelp(usage: string): number {
  console.log(usage);
  return 0;
}

/** Tells whoever left something out how the command is used and, last, what is missing; returns the exit code. */
export function refuse(usage: string, reason: string): number {
  console.error(`${usage}\n\n${reason}`);
  return 2;
}
