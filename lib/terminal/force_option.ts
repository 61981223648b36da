/**
 * The option `--force` of commands that read scans.
 *
 * @module
 */
import { takeAnyGrid } from "../imaging/plausible_grid.ts";

export const forceOption = { force: { type: "boolean", default: false } } as const;

/** From here on grids are taken as they are where it is given. */
export function useForce({ force }: { force: boolean }): void {
  if (force) takeAnyGrid();
}
