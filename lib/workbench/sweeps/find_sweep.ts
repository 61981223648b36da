/**
 * Where a sweep's file lies.
 *
 * @module
 */
import { unknownName } from "../../text/unknown_name.ts";
import { sweepNames } from "../choices.ts";
import { sweepPath } from "../project.ts";
import { UsageError } from "../../terminal/usage.ts";

/**
 * The path of a sweep.
 *
 * @param sweep a name in experiments/sweeps, or the path of a JSON file
 * @throws {UsageError} There is no sweep of that name; a path is not looked at.
 */
export async function findSweep(sweep: string): Promise<string> {
  const names = await sweepNames();
  if (sweep.endsWith(".json") || names.includes(sweep)) return sweepPath(sweep);
  throw new UsageError(`Cannot sweep: it ${unknownName(sweep, names)} (or the path of a JSON file)`);
}
