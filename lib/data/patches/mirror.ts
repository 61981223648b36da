/**
 * Left/right mirroring (METHOD section 0, rule 7): it swaps the codes of paired organs AND the label set, and is
 * allowed only where the dataset's shown organs are closed under the swap: a dataset that shows only the right
 * parotid would otherwise gain hidden supervision of the left one. A group is closed where its organs are.
 *
 * @module
 */
import type { Shape } from "../../imaging/volume.ts";
import { type Groups, leavesOf } from "../groups.ts";
import type { LabelSet, OrganNumber } from "../label_set.ts";

/** The left and the right one of each paired organ, in either order. Every other organ is its own mirror image. */
export type MirrorPairs = readonly (readonly [OrganNumber, OrganNumber])[];

/** The pairs of a vocabulary whose organs name their counterpart. */
export function mirrorPairsOf(organs: readonly { number: OrganNumber; mirror?: OrganNumber }[]): MirrorPairs {
  return organs.flatMap(({ number, mirror }) =>
    mirror !== undefined && number < mirror ? [[number, mirror] as const] : []
  );
}

/** True when mirroring turns no shown organ into one that is not shown. */
export function canMirror(shownOrgans: LabelSet, pairs: MirrorPairs): boolean {
  return pairs.every(([one, other]) => shownOrgans.includes(one) === shownOrgans.includes(other));
}

/** The pairs, and those of groups whose organs are each other's mirror images. */
export function withGroups(pairs: MirrorPairs, groups: Groups = {}): MirrorPairs {
  const codes = Object.keys(groups).map(Number);
  const found = codes.flatMap((code) => {
    const other = codes.find((one) =>
      String(leavesOf([one], groups)) === String(mirrored(code, pairs, groups))
    );
    return other !== undefined && code < other ? [[code, other] as const] : [];
  });
  return [...pairs, ...found];
}

/** True when the mirror image of every label is a label, too: a group may be its own or another's, or have none. */
export function hasMirrorImage(labelSet: LabelSet, pairs: MirrorPairs, groups?: Groups): boolean {
  const swap = swapTable(pairs);
  return labelSet.every((label) =>
    String(leavesOf([swap[label]!], groups)) === String(mirrored(label, pairs, groups))
  );
}

/** The organs of the label on the other side. */
function mirrored(label: number, pairs: MirrorPairs, groups?: Groups): OrganNumber[] {
  return mirrorLabelSet(leavesOf([label], groups), pairs);
}

/** The label set of the mirrored patch, ascending. */
export function mirrorLabelSet(labelSet: LabelSet, pairs: MirrorPairs): OrganNumber[] {
  const swap = swapTable(pairs);
  return labelSet.map((organ) => swap[organ]!).sort((a, b) => a - b);
}

/**
 * Reverses the x axis, which in RAS+ runs from left to right, and swaps the codes of paired organs, both in place.
 *
 * @param image [depth, height, width]
 * @param labels [depth, height, width], label codes
 */
export function mirrorPatch(
  { image, labels }: { image: Float32Array; labels: Uint8Array },
  { shape, pairs }: { shape: Shape; pairs: MirrorPairs },
): void {
  const width = shape[2];
  for (let row = 0; row < image.length; row += width) {
    image.subarray(row, row + width).reverse();
    labels.subarray(row, row + width).reverse();
  }
  const swap = swapTable(pairs);
  for (let v = 0; v < labels.length; v++) labels[v] = swap[labels[v]!]!;
}

/** From each of the 256 label codes to its mirrored one. */
function swapTable(pairs: MirrorPairs): Uint8Array {
  const swap = Uint8Array.from({ length: 256 }, (_, code) => code);
  for (const [one, other] of pairs) [swap[one], swap[other]] = [other, one];
  return swap;
}
