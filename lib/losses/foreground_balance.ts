/**
 * How much of a cross-entropy is the organs' and how much all the rest's (METHOD section 0).
 *
 * @module
 */
import { type AllowedTable, type LabelTargets, sumOverVoxels } from "./allowed.ts";

/** What the voxels of a label count for. */
export type LabelFactor = (table: AllowedTable, code: number) => number;

/**
 * b: factors of labels' voxels in a cross-entropy. Without a share of the targets they are 1. With a share s, of voxels whose label
 * forbids something, those of organs (background is not allowed) have s of all factors' sum, the others 1 − s; where the batch has none
 * of the ones or of the others, they are 1. Their mean over these voxels is 1 in any case.
 */
export function foregroundBalance(targets: LabelTargets): LabelFactor {
  const { foregroundShare: share } = targets;
  if (share === undefined) return () => 1;
  const count = (organ: boolean) =>
    sumOverVoxels(
      targets,
      (table, code) => table.weight[code]! > 0 && isOrgan(table, code) === organ ? 1 : 0,
    );
  const organs = count(true), others = count(false);
  if (organs === 0 || others === 0) return () => 1;
  const all = organs + others;
  return (table, code) => isOrgan(table, code) ? share * all / organs : (1 - share) * all / others;
}

/** Of a group, too, if the model owns all of its organs: whichever it is, it is not background. */
function isOrgan({ allowed, classes }: AllowedTable, code: number): boolean {
  return allowed[code * classes] === 0;
}
