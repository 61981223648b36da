/**
 * The skeleton of a plane mask.
 *
 * @module
 */

/** Rows and columns of a plane. */
export interface Plane {
  height: number;
  width: number;
}

/**
 * Thins a mask to lines of one pixel that keep its connections: Zhang and Suen, "A fast parallel algorithm for thinning digital
 * patterns" (1984). A pixel of a pass goes where it has 2 to 6 neighbours that are there, exactly one step from absent to present around it, and
 * what it would open lies on the sides that the pass peels.
 *
 * @param mask [height, width], 0 at its border, non-zero inside
 * @returns 1 on the skeleton; never empty where the mask is not
 */
export function skeletonOf(mask: Uint8Array, { width }: Plane): Uint8Array {
  const kept = Uint8Array.from(mask, (value) => value === 0 ? 0 : 1);
  let there = [...kept.keys()].filter((at) => kept[at]);
  for (let changed = true; changed;) {
    changed = false;
    for (const pass of [0, 1]) {
      const gone = there.filter((at) => {
        const north = kept[at - width]!,
          east = kept[at + 1]!,
          south = kept[at + width]!,
          west = kept[at - 1]!;
        const northEast = kept[at - width + 1]!, southEast = kept[at + width + 1]!;
        const southWest = kept[at + width - 1]!, northWest = kept[at - width - 1]!;
        const count = north + northEast + east + southEast + south + southWest + west + northWest;
        if (count < 2 || count > 6) return false;
        const steps = (northEast & ~north) + (east & ~northEast) + (southEast & ~east) +
          (south & ~southEast) +
          (southWest & ~south) + (west & ~southWest) + (northWest & ~west) + (north & ~northWest);
        if (steps !== 1) return false;
        return pass === 0
          ? (north & east & south) === 0 && (east & south & west) === 0
          : (north & east & west) === 0 && (north & south & west) === 0;
      });
      // A block of 2 × 2 would go as a whole: the published rule's only way to lose a component.
      const peeled = gone.length === there.length ? gone.slice(1) : gone;
      for (const at of peeled) kept[at] = 0;
      there = there.filter((at) => kept[at]);
      changed ||= peeled.length > 0;
    }
  }
  return kept;
}
