/**
 * A sketch of a scan's rows of voxels: the 256 least hashes of all rows of 16 neighbours along x.
 *
 * It is the bottom-k sketch of Broder ("On the resemblance and containment of documents", 1997), with rows of voxels for words: of two
 * sets' least k hashes together, the share that both have estimates the share of their rows that both have. A crop's rows are rows of the
 * whole, so both sketches hold some of the same, the fewer the smaller the crop; of two people's scans they hold none.
 *
 * @module
 */

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

/**
 * The least hashes, rising; fewer where there are not so many rows.
 *
 * @param values [depth, height, width]
 */
export function rowSketch(values: Float32Array, width: number): number[] {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let kept: number[] = [], bound = Infinity;
  const keepLeast = () => {
    kept = [...new Set(kept)].sort((a, b) => a - b).slice(0, KEPT);
    if (kept.length === KEPT) bound = kept[KEPT - 1]!;
  };
  // A polynomial of a row's words modulo 2³², so that the next row's follows from it in one step (Karp and Rabin, 1987).
  const factor = 0x9e3779b1;
  let leaving = 1;
  for (let i = 0; i < LENGTH; i++) leaving = Math.imul(leaving, factor);
  for (let from = 0; from < words.length; from += width) {
    let rolling = 0;
    for (let last = from; last < from + width; last++) {
      rolling = Math.imul(rolling, factor) + words[last]!;
      const first = last - LENGTH + 1;
      if (first > from) rolling -= Math.imul(leaving, words[first - 1]!);
      rolling |= 0;
      if (first < from) continue;
      // Of 53 bits, so that rows of large scans do not meet by chance; the lower ones are got only of those that may be kept.
      const high = spread(rolling) * 2 ** 21;
      if (high > bound) continue;
      const row = words.subarray(first, last + 1);
      if (new Set(row).size < DISTINCT) continue;
      kept.push(high + (row.reduce((low, word) => spread(low ^ word), 0) >>> 11));
      if (kept.length >= 16 * KEPT) keepLeast();
    }
  }
  keepLeast();
  return kept;
}
