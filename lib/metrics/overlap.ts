/**
 * Volume overlap of two masks P (prediction) and T (truth).
 *
 *     Dice = 2 |P ∩ T| / (|P| + |T|)
 *
 * @module
 */
import type { MaskPair } from "./mask_pair.ts";

/**
 * Dice similarity coefficient, in [0, 1]; NaN when both masks are empty, 0 when one is (METHOD section 0, rule 4).
 * The masks hold 0 or 1 and are of one length.
 *
 * Dice, "Measures of the amount of ecologic association between species", Ecology 26, 1945.
 */
export function dice({ prediction, truth }: Pick<MaskPair, "prediction" | "truth">): number {
  let both = 0;
  let sum = 0;
  for (let voxel = 0; voxel < truth.length; voxel++) {
    const p = prediction[voxel]!, t = truth[voxel]!;
    both += p & t;
    sum += p + t;
  }
  return 2 * both / sum;
}
