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
export function skeletonOf(mask: Uint8Array, { height, width }: Plane): Uint8Array {
  const kept = Uint8Array.from(mask, (value) => value === 0 ? 0 : 1);
  // North, then clockwise.
  const around = [-width, -width + 1, 1, width + 1, width, width - 1, -1, -width - 1];
  for (let changed = true; changed;) {
    changed = false;
    for (const pass of [0, 1]) {
      const gone: number[] = [];
      for (let at = width; at < (height - 1) * width; at++) {
        if (kept[at] === 0) continue;
        const [n, ne, e, se, s, sw, w, nw] = around.map((offset) => kept[at + offset]!);
        const ring = [n, ne, e, se, s, sw, w, nw] as number[];
        const there = ring.reduce((a, b) => a + b);
        if (there < 2 || there > 6) continue;
        const steps = ring.filter((value, i) => value === 0 && ring[(i + 1) % 8] === 1).length;
        if (steps !== 1) continue;
        const peeled = pass === 0
          ? n! * e! * s! === 0 && e! * s! * w! === 0
          : n! * e! * w! === 0 && n! * s! * w! === 0;
        if (peeled) gone.push(at);
      }
      // A block of 2 × 2 would go as a whole: the published rule's only way to lose a component.
      const left = gone.length > 0 && gone.length === kept.reduce((a, b) => a + b) ? gone.slice(1) : gone;
      for (const at of left) kept[at] = 0;
      changed ||= left.length > 0;
    }
  }
  return kept;
}
