/**
 * Whole numbers among a command's options.
 *
 * @module
 */
import { UsageError } from "./usage.ts";

export interface WholeNumberOptions {
  /** What the command does, as its errors begin: `sweep`. */
  action: string;
  /** Of the option, without its dashes. */
  name: string;
  least: number;
}

/** @throws {UsageError} The text is no whole number, or one that is too small. */
export function wholeNumber(text: string, { action, name, least }: WholeNumberOptions): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isInteger(value) && value >= least) return value;
  throw new UsageError(
    `Cannot ${action}: --${name} must be a whole number from ${least} on, current value is "${text}"`,
  );
}
