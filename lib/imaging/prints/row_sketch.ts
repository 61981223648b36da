/**
 * A sketch of a scan's rows of voxels: the 256 least hashes of all rows of 16 neighbours along an axis.
 *
 * It is the bottom-k sketch of Broder ("On the resemblance and containment of documents", 1997), with rows of voxels for words: of two
 * sets' least k hashes together, the share that both have estimates the share of their rows that both have. A crop's rows are rows of the
 * whole, so both sketches hold some of the same, the fewer the smaller the crop; of two people's scans they hold none.
 *
 * @module
 */
import type { Shape } from "../volume.ts";

/** Voxels of a row, and different values that it must have: rows of air or of a flat background are everybody's. */
const LENGTH = 16, DISTINCT = 8;

/** Hashes kept. */
const KEPT = 256;

/** Spreads the bits of a 32-bit number over all of it: the last step of MurmurHash3. */
export function spread(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Odd, so that it has an inverse modulo 2³². */
const FACTOR = 0x9e3779b1;

/** Newton's iteration doubles the bits that are right, from the three of any odd number as its own inverse. */
const INVERSE = Array.from({ length: 5 }).reduce<number>(
  (inverse) => Math.imul(inverse, 2 - Math.imul(FACTOR, inverse)),
  FACTOR,
);

/** The factor to the powers of 0 to a row's length, modulo 2³². */
const POWERS = [1];
while (POWERS.length <= LENGTH) POWERS.push(Math.imul(POWERS.at(-1)!, FACTOR));

/**
 * The least hashes, rising, of rows along all three axes; fewer where there are not so many rows. A row and its reverse have one hash, so that
 * headers which turn or transpose a scan change nothing.
 *
 * @param values [depth, height, width]
 */
export function rowSketch(values: Float32Array, [depth, height, width]: Shape): number[] {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const least = leastHashes();
  for (let line = 0; line < depth * height; line++) {
    sketchLine(words, { from: line * width, step: 1, count: width }, least);
  }
  for (let z = 0; z < depth; z++) {
    for (let x = 0; x < width; x++) {
      sketchLine(words, { from: z * height * width + x, step: width, count: height }, least);
    }
  }
  for (let column = 0; column < height * width; column++) {
    sketchLine(words, { from: column, step: height * width, count: depth }, least);
  }
  return least.kept();
}

/** Keeps the least numbers of many. */
function leastHashes() {
  let all: number[] = [], bound = Infinity;
  const kept = () => {
    all = [...new Set(all)].sort((a, b) => a - b).slice(0, KEPT);
    if (all.length === KEPT) bound = all[KEPT - 1]!;
    return all;
  };
  return {
    kept,
    get bound() {
      return bound;
    },
    add(hash: number) {
      if (all.push(hash) >= 16 * KEPT) kept();
    },
  };
}

/**
 * Hashes all rows of a line of voxels. A row's two hashes are polynomials of its words modulo 2³², read forward and back, so that those of the
 * next row follow in one step each (Karp and Rabin, 1987): forward, times the factor, plus the word that comes, less the one that goes;
 * back, less the word that goes, over the factor, plus the one that comes.
 */
function sketchLine(
  words: Uint32Array,
  { from, step, count }: { from: number; step: number; count: number },
  least: ReturnType<typeof leastHashes>,
): void {
  let [forward, back] = [0, 0];
  for (let index = 0; index < count; index++) {
    const coming = words[from + index * step]!;
    forward = Math.imul(forward, FACTOR) + coming | 0;
    if (index < LENGTH) back = back + Math.imul(POWERS[index]!, coming) | 0;
    else {
      const going = words[from + (index - LENGTH) * step]!;
      forward = forward - Math.imul(POWERS[LENGTH]!, going) | 0;
      back = Math.imul(back - going, INVERSE) + Math.imul(POWERS[LENGTH - 1]!, coming) | 0;
    }
    if (index < LENGTH - 1) continue;
    // Of 53 bits, so that rows of large scans do not meet by chance; the lower ones are got only of those that may be kept.
    const [one, other] = [spread(forward), spread(back)], high = Math.min(one, other) * 2 ** 21;
    if (high > least.bound) continue;
    const row = Uint32Array.from(
      { length: LENGTH },
      (_, i) => words[from + (index - LENGTH + 1 + i) * step]!,
    );
    if (new Set(row).size < DISTINCT) continue;
    if (other < one) row.reverse();
    least.add(high + (row.reduce((low, word) => spread(low ^ word), 0) >>> 11));
  }
}
