/**
 * Distance from grid points to the nearest of a set of grid points: a k-d tree (Bentley, CACM 18, 1975).
 *
 * A surface is a thin subset of its volume, so a tree over its points is as fast as a distance transform of the
 * whole box when both surfaces are compact, and stays so when a few stray voxels stretch the box over the scan.
 *
 * Squares are of (steps · spacing), summed over z, y, x: the rounding of SciPy's `distance_transform_edt`, so that a
 * distance that equals a tolerance on paper compares with it as it does there.
 *
 * @module
 */
import type { Shape, Spacing } from "../imaging/volume.ts";

/** Below this many points a search looks at all of them. */
const LEAF = 12;

/**
 * The exact Euclidean distance in mm from each point to the nearest target; Infinity when there are no targets.
 *
 * @param points Flat indices into `shape`.
 * @param targets Flat indices into `shape`.
 */
export function distancesToNearest(
  points: Uint32Array,
  targets: Uint32Array,
  { shape, spacing }: { shape: Shape; spacing: Spacing },
): Float64Array {
  const distances = new Float64Array(points.length).fill(Infinity);
  if (targets.length === 0) return distances;
  const tree = coordinatesOf(targets, shape);
  const axes = new Uint8Array(targets.length);
  sortIntoTree(tree, { axes, spacing });
  const search = createSearch(tree, { axes, spacing });
  const queries = coordinatesOf(points, shape);
  for (let i = 0; i < points.length; i++) {
    distances[i] = Math.sqrt(search(queries[3 * i], queries[3 * i + 1], queries[3 * i + 2]));
  }
  return distances;
}

/** z, y, x of each point, one after the other. */
function coordinatesOf(points: Uint32Array, [, height, width]: Shape): Int32Array {
  const coordinates = new Int32Array(3 * points.length);
  for (let i = 0; i < points.length; i++) {
    const row = Math.floor(points[i] / width);
    coordinates[3 * i + 2] = points[i] - row * width;
    coordinates[3 * i] = Math.floor(row / height);
    coordinates[3 * i + 1] = row - coordinates[3 * i] * height;
  }
  return coordinates;
}

/**
 * Orders points so that the middle one of a range halves it: those before it have no larger coordinate along the
 * range's longest axis, those after it no smaller one. `axes` keeps that axis at the middle's place.
 */
function sortIntoTree(tree: Int32Array, options: { axes: Uint8Array; spacing: Spacing }): void {
  const { axes, spacing } = options;
  const sort = (first: number, end: number): void => {
    if (end - first <= LEAF) return;
    const middle = (first + end) >> 1;
    axes[middle] = longestAxis(tree, { first, end, spacing });
    select(tree, { first, last: end - 1, place: middle, axis: axes[middle] });
    sort(first, middle);
    sort(middle + 1, end);
  };
  sort(0, axes.length);
}

function longestAxis(tree: Int32Array, range: { first: number; end: number; spacing: Spacing }): number {
  let longest = 0;
  let extent = -1;
  for (let axis = 0; axis < 3; axis++) {
    let low = Infinity;
    let high = -Infinity;
    for (let i = 3 * range.first + axis; i < 3 * range.end; i += 3) {
      if (tree[i] < low) low = tree[i];
      if (tree[i] > high) high = tree[i];
    }
    if ((high - low) * range.spacing[axis] <= extent) continue;
    extent = (high - low) * range.spacing[axis];
    longest = axis;
  }
  return longest;
}

/** Hoare's quickselect: the point that belongs at `place` goes there, smaller ones before it, larger ones after. */
function select(
  tree: Int32Array,
  options: { first: number; last: number; place: number; axis: number },
): void {
  const { place, axis } = options;
  let { first, last } = options;
  while (first < last) {
    const pivot = tree[3 * ((first + last) >> 1) + axis];
    let i = first;
    let j = last;
    while (i <= j) {
      while (tree[3 * i + axis] < pivot) i++;
      while (tree[3 * j + axis] > pivot) j--;
      if (i <= j) swap(tree, i++, j--);
    }
    if (place <= j) last = j;
    else if (place >= i) first = i;
    else return;
  }
}

function swap(tree: Int32Array, i: number, j: number): void {
  for (let axis = 0; axis < 3; axis++) {
    const kept = tree[3 * i + axis];
    tree[3 * i + axis] = tree[3 * j + axis];
    tree[3 * j + axis] = kept;
  }
}

/** A function from a point to the squared distance in mm² to the nearest point of the tree. */
function createSearch(tree: Int32Array, options: { axes: Uint8Array; spacing: Spacing }) {
  const { axes, spacing: [sz, sy, sx] } = options;
  const spacings = Float64Array.of(sz, sy, sx);
  const query = new Int32Array(3);
  let best = Infinity;
  let nearest = 0;

  const look = (point: number): void => {
    const dz = (query[0] - tree[3 * point]) * sz;
    const dy = (query[1] - tree[3 * point + 1]) * sy;
    const dx = (query[2] - tree[3 * point + 2]) * sx;
    const squared = dz * dz + dy * dy + dx * dx;
    if (squared >= best) return;
    best = squared;
    nearest = point;
  };

  const descend = (first: number, end: number): void => {
    if (end - first <= LEAF) {
      for (let point = first; point < end; point++) look(point);
      return;
    }
    const middle = (first + end) >> 1;
    const axis = axes[middle];
    const offset = (query[axis] - tree[3 * middle + axis]) * spacings[axis];
    look(middle);
    if (offset < 0) descend(first, middle);
    else descend(middle + 1, end);
    // Every point of the other half is at least as far as the plane between the halves.
    if (offset * offset >= best) return;
    if (offset < 0) descend(middle + 1, end);
    else descend(first, middle);
  };

  return (z: number, y: number, x: number): number => {
    query[0] = z;
    query[1] = y;
    query[2] = x;
    best = Infinity;
    look(nearest); // the last answer: points asked for in order are close to each other
    descend(0, axes.length);
    return best;
  };
}
