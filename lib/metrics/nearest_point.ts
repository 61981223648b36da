/**
 * Distance from grid points to the nearest of a set of grid points.
 *
 * The targets are kept as rows along x. A search looks at its own plane first and then at the planes around, in each
 * plane at its own row and then at the rows around, and ends where the next row lies farther than the nearest target
 * so far. Two surfaces that are compared lie close together, so few rows are looked at: less work than a k-d tree's,
 * and, other than a distance transform's, none for the size of the box, which a stray voxel stretches over the scan.
 * Where they lie far apart, or one is scattered over the scan, a search looks at most rows; when that has become more work than a distance
 * transform of the box, the rest is read from one. Work is counted and not timed, so that the same way is gone everywhere.
 *
 * Squares are of (steps · spacing), summed over z, y, x: the rounding of SciPy's `distance_transform_edt`, so that a
 * distance that equals a tolerance on paper compares with it as it does there.
 *
 * @module
 */
import { distanceTransform } from "../imaging/distance_transform.ts";
import { AXES, eachAxis } from "../imaging/each_axis.ts";
import type { Shape, Spacing } from "../imaging/volume.ts";

/**
 * The exact Euclidean distance in mm from each point to the nearest target; Infinity when there are no targets.
 *
 * @param points Flat indices into `shape`.
 * @param targets Flat indices into `shape`, ascending.
 */
export function distancesToNearest(
  points: Uint32Array,
  targets: Uint32Array,
  { shape, spacing }: { shape: Shape; spacing: Spacing },
): Float64Array {
  const distances = new Float64Array(points.length).fill(Infinity);
  if (targets.length === 0) return distances;
  const search = createSearch(rowsOf(targets, shape), { spacing });
  const [, height, width] = shape;
  const box = boxOf([points, targets], shape);
  const most = ROWS_PER_VOXEL * box.size.reduce((product, size) => product * size, 1);
  for (let i = 0; i < points.length; i++) {
    if (search.work() > most) {
      readTransform(points.subarray(i), { targets, box, shape, spacing, into: distances.subarray(i) });
      break;
    }
    const point = points[i]!;
    const row = Math.floor(point / width);
    const z = Math.floor(row / height);
    distances[i] = Math.sqrt(search.nearest(z, row - z * height, point - row * width));
  }
  return distances;
}

/** Rows, or points in them, that may be looked at for each voxel of the box: a distance transform takes about as long for a voxel. */
const ROWS_PER_VOXEL = 8;

interface Box {
  from: Shape;
  size: Shape;
}

/** The smallest that holds all the points. */
function boxOf(sets: readonly Uint32Array[], [, height, width]: Shape): Box {
  const from: Shape = [Infinity, Infinity, Infinity], to: Shape = [-1, -1, -1];
  for (const points of sets) {
    for (let i = 0; i < points.length; i++) {
      const row = Math.floor(points[i]! / width), z = Math.floor(row / height);
      const at = [z, row - z * height, points[i]! - row * width];
      for (const axis of AXES) {
        from[axis] = Math.min(from[axis], at[axis]!);
        to[axis] = Math.max(to[axis], at[axis]!);
      }
    }
  }
  return { from, size: eachAxis((axis) => to[axis] - from[axis] + 1) };
}

/** The same distances by a distance transform of the box. */
function readTransform(
  points: Uint32Array,
  { targets, box: { from, size }, shape: [, height, width], spacing, into }: {
    targets: Uint32Array;
    box: Box;
    shape: Shape;
    spacing: Spacing;
    into: Float64Array;
  },
): void {
  const inBox = (point: number) => {
    const row = Math.floor(point / width), z = Math.floor(row / height);
    return ((z - from[0]) * size[1] + row - z * height - from[1]) * size[2] + point - row * width - from[2];
  };
  const mask = new Uint8Array(size[0] * size[1] * size[2]).fill(1);
  for (let i = 0; i < targets.length; i++) mask[inBox(targets[i]!)] = 0;
  const distances = distanceTransform(mask, size, { spacing });
  for (let i = 0; i < points.length; i++) into[i] = distances[inBox(points[i]!)]!;
}

/** Points by the row they lie in; row z · height + y has those from `starts[row]` to before `starts[row + 1]`. */
interface Rows {
  depth: number;
  height: number;
  starts: Uint32Array;
  /** The points' x, ascending in each row. */
  xs: Int32Array;
  /** First and last row of each plane that has points; `first > last` where none has. */
  firstRow: Int32Array;
  lastRow: Int32Array;
}

function rowsOf(points: Uint32Array, [depth, height, width]: Shape): Rows {
  const starts = new Uint32Array(depth * height + 1);
  const xs = new Int32Array(points.length);
  const firstRow = new Int32Array(depth).fill(height);
  const lastRow = new Int32Array(depth).fill(-1);
  for (let i = 0; i < points.length; i++) {
    const point = points[i]!;
    const row = Math.floor(point / width);
    const z = Math.floor(row / height);
    const y = row - z * height;
    xs[i] = point - row * width;
    starts[row + 1]!++;
    lastRow[z] = y;
    if (firstRow[z] === height) firstRow[z] = y;
  }
  for (let row = 0; row < depth * height; row++) starts[row + 1]! += starts[row]!;
  return { depth, height, starts, xs, firstRow, lastRow };
}

interface Search {
  /** The squared distance in mm² from a point to the nearest point of the rows, of which there is one. */
  nearest(z: number, y: number, x: number): number;
  /** Rows and points looked at so far. */
  work(): number;
}

function createSearch(rows: Rows, { spacing: [sz, sy, sx] }: { spacing: Spacing }): Search {
  const { depth, height, starts, xs, firstRow, lastRow } = rows;
  let nearestZ = firstRow.findIndex((first) => first < height);
  let nearestY = firstRow[nearestZ]!;
  let nearestX = xs[0]!;
  let best = Infinity;
  let work = 0;

  /** `squared` is the row's own distance from the point. */
  const lookAtRow = (row: number, x: number, squared: number): boolean => {
    const first = starts[row]!;
    const last = starts[row + 1]! - 1;
    work++;
    if (last < first) return false;
    let i = last;
    if (xs[last]! > x) {
      i = first;
      while (xs[i]! < x) i++;
      work += i - first;
      if (i > first && x - xs[i - 1]! < xs[i]! - x) i--;
    }
    const found = xs[i]!;
    const dx = (x - found) * sx;
    if (squared + dx * dx >= best) return false;
    best = squared + dx * dx;
    nearestX = found;
    return true;
  };

  const lookAtPlane = (z: number, { y, x, squared }: { y: number; x: number; squared: number }): void => {
    const first = firstRow[z]!;
    const last = lastRow[z]!;
    const farthest = Math.max(y - first, last - y);
    for (let step = Math.max(0, first - y, y - last); step <= farthest; step++) {
      const rowSquared = squared + (step * sy) * (step * sy);
      if (rowSquared >= best) return;
      for (let at = y - step; at <= y + step; at += 2 * step || 1) {
        if (at < first || at > last || !lookAtRow(z * height + at, x, rowSquared)) continue;
        nearestZ = z;
        nearestY = at;
      }
    }
  };

  const nearest = (z: number, y: number, x: number): number => {
    // The last answer first: points asked for in order are close to each other.
    const [dz, dy, dx] = [(z - nearestZ) * sz, (y - nearestY) * sy, (x - nearestX) * sx];
    best = dz * dz + dy * dy + dx * dx;
    for (let step = 0; step < depth; step++) {
      const squared = (step * sz) * (step * sz);
      if (squared >= best) break;
      if (z - step >= 0) lookAtPlane(z - step, { y, x, squared });
      if (step > 0 && z + step < depth) lookAtPlane(z + step, { y, x, squared });
    }
    return best;
  };
  return { nearest, work: () => work };
}
