/**
 * Outlines on a slice, filled.
 *
 * A pixel is inside where its centre lies within an odd number of outlines, so that an outline within another one is a hole (XOR),
 * or on an outline: programs that trace masks put corners on the centres of a mask's own pixels, and those belong to it. So do
 * OpenCV's `fillPoly` and what is built on it.
 *
 * @module
 */

/** Corners of a closed outline in pixels, x and y in turn; the centre of the first pixel is (0, 0). */
export type Outline = Float64Array;

/** A centre is on a line that passes it by so many pixels: coordinates are printed with two decimals. */
const ON_LINE = 0.01;

export interface SliceSize {
  width: number;
  height: number;
}

/** Fills the outlines of one slice: 1 inside, 0 outside. */
export function fillOutlines(outlines: readonly Outline[], size: SliceSize): Uint8Array {
  const inside = new Uint8Array(size.width * size.height), on = new Uint8Array(inside.length);
  for (const outline of outlines) {
    flipInside(inside, outline, size);
    markLine(on, outline, size);
  }
  for (let pixel = 0; pixel < inside.length; pixel++) inside[pixel]! |= on[pixel]!;
  return inside;
}

/** Calls for every side of an outline, the one that closes it too. */
function eachSide(
  outline: Outline,
  visit: (x1: number, y1: number, x2: number, y2: number) => void,
): void {
  const corners = outline.length / 2;
  for (let corner = 0; corner < corners; corner++) {
    const next = (corner + 1) % corners;
    visit(outline[2 * corner]!, outline[2 * corner + 1]!, outline[2 * next]!, outline[2 * next + 1]!);
  }
}

/** Flips what lies within an outline: a side is crossed by the rows from its upper end, which is its own, to its lower one, which is not. */
function flipInside(inside: Uint8Array, outline: Outline, { width, height }: SliceSize): void {
  const crossings: number[][] = Array.from({ length: height }, () => []);
  eachSide(outline, (x1, y1, x2, y2) => {
    const first = Math.max(0, Math.ceil(Math.min(y1, y2)));
    const behind = Math.min(height, Math.ceil(Math.max(y1, y2)));
    for (let y = first; y < behind; y++) crossings[y]!.push(x1 + (y - y1) / (y2 - y1) * (x2 - x1));
  });
  for (const [y, row] of crossings.entries()) {
    row.sort((a, b) => a - b);
    for (let pair = 0; pair + 1 < row.length; pair += 2) {
      const first = Math.max(0, Math.ceil(row[pair]!)), behind = Math.min(width, Math.ceil(row[pair + 1]!));
      for (let x = first; x < behind; x++) inside[y * width + x]! ^= 1;
    }
  }
}

/** Marks the pixels whose centres an outline passes. */
function markLine(on: Uint8Array, outline: Outline, { width, height }: SliceSize): void {
  eachSide(outline, (x1, y1, x2, y2) => {
    const top = Math.max(0, Math.ceil(Math.min(y1, y2) - ON_LINE));
    const bottom = Math.min(height - 1, Math.floor(Math.max(y1, y2) + ON_LINE));
    const length = Math.hypot(x2 - x1, y2 - y1);
    for (let y = top; y <= bottom; y++) {
      const [low, high] = reachOf([x1, y1, x2, y2], y);
      const last = Math.min(width - 1, Math.floor(high + ON_LINE));
      for (let x = Math.max(0, Math.ceil(low - ON_LINE)); x <= last; x++) {
        // Of a flat side the strip along a row reaches farther than the side is near.
        const away = length === 0 ? 0 : Math.abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length;
        if (away <= ON_LINE) on[y * width + x] = 1;
      }
    }
  });
}

/** From where to where along x a side lies near a row. */
function reachOf(
  [x1, y1, x2, y2]: [number, number, number, number],
  y: number,
): [low: number, high: number] {
  const slope = y2 - y1;
  const at = (row: number) => slope === 0 ? undefined : Math.min(1, Math.max(0, (row - y1) / slope));
  const [from = 0, to = 1] = [at(y - ON_LINE), at(y + ON_LINE)];
  const ends = [x1 + from * (x2 - x1), x1 + to * (x2 - x1)] as const;
  return [Math.min(...ends), Math.max(...ends)];
}

/** Whether two outlines cross: each has pixels of its own, and some are of both. */
export function cross(a: Outline, b: Outline, size: SliceSize): boolean {
  const [one, other] = [a, b].map((outline) => fillOutlines([outline], size)) as [Uint8Array, Uint8Array];
  let both = 0, first = 0, second = 0;
  for (let pixel = 0; pixel < one.length; pixel++) {
    if (one[pixel] && other[pixel]) both++;
    else if (one[pixel]) first++;
    else if (other[pixel]) second++;
  }
  return both > 0 && first > 0 && second > 0;
}
