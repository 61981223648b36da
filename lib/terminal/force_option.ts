/**
 * The option `--force` of commands that read scans.
 *
 * @module
 */
import { force as takeAsTheyAre } from "../imaging/forced.ts";

export const forceOption = { force: { type: "boolean", default: false } } as const;

/** From here on scans are taken as they are where it is given. */
export function useForce({ force }: { force: boolean }): void {
  if (force) takeAsTheyAre();
}
