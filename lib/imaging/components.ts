/**
 * Connected components of a mask.
 *
 * @module
 */
import type { Shape } from "./volume.ts";

export interface ComponentOptions {
  /**
   * Voxels are neighbours across faces (6), or across faces, edges and corners (26).
   * @default 26
   */
  connectivity?: 6 | 26;
}

export interface Components {
  /** [depth, height, width]: 0 where the mask is, else 1… in order of each component's first voxel. */
  labels: Int32Array;
  /** Voxels of each label, indexed by it: `sizes[0]` are those outside the mask. */
  sizes: number[];
}

/**
 * Labels the components of a mask's non-zero voxels.
 *
 * Rows are cut into runs of consecutive voxels, and runs that touch a run of an earlier neighbouring row are united
 * (union-find with path halving): the cost grows with the number of runs, not with 26 looks a voxel.
 *
 * @param mask [depth, height, width], non-zero inside.
 */
export function labelComponents(
  mask: Uint8Array,
  shape: Shape,
  { connectivity = 26 }: ComponentOptions = {},
): Components {
  const [depth, height, width] = shape;
  const { start, end, firstOfRow } = findRuns(mask, width);
  const parent = Int32Array.from({ length: start.length }, (_, run) => run);
  const find = (run: number): number => {
    while (parent[run] !== run) run = parent[run] = parent[parent[run]!]!;
    return run;
  };
  // The earlier row's [z, y] offsets, and how far runs may be apart along x and still touch.
  const earlier: [dz: number, dy: number][] = connectivity === 26
    ? [[0, -1], [-1, -1], [-1, 0], [-1, 1]]
    : [[0, -1], [-1, 0]];
  const reach = connectivity === 26 ? 1 : 0;
  for (let z = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      for (const [dz, dy] of earlier) {
        if (z + dz < 0 || y + dy < 0 || y + dy >= height) continue;
        const row = z * height + y;
        const other = (z + dz) * height + y + dy;
        const behindA = firstOfRow[row + 1]!, behindB = firstOfRow[other + 1]!;
        let a = firstOfRow[row]!, b = firstOfRow[other]!;
        while (a < behindA && b < behindB) {
          const endOfA = end[a]!, endOfB = end[b]!;
          if (start[a]! < endOfB + reach && start[b]! < endOfA + reach) {
            const one = find(a), two = find(b);
            // The smaller number stays the root: it is the run that comes first.
            if (one < two) parent[two] = one;
            else parent[one] = two;
          }
          if (endOfA < endOfB) a++;
          else b++;
        }
      }
    }
  }
  const labels = new Int32Array(mask.length);
  const sizes: [outside: number, ...components: number[]] = [mask.length];
  const labelOfRoot = new Int32Array(parent.length);
  for (let row = 0; row < depth * height; row++) {
    for (let run = firstOfRow[row]!; run < firstOfRow[row + 1]!; run++) {
      const root = find(run);
      if (labelOfRoot[root] === 0) labelOfRoot[root] = sizes.push(0) - 1;
      const label = labelOfRoot[root]!;
      const first = start[run]!, behind = end[run]!;
      labels.fill(label, row * width + first, row * width + behind);
      sizes[label]! += behind - first;
      sizes[0] -= behind - first;
    }
  }
  return { labels, sizes };
}

/**
 * The mask's largest component, 1 inside: the first where two are equally large, nothing where the mask is empty.
 */
export function largestComponent(mask: Uint8Array, shape: Shape, options: ComponentOptions = {}): Uint8Array {
  const { labels, sizes } = labelComponents(mask, shape, options);
  let largest = 1;
  for (let label = 2; label < sizes.length; label++) if (sizes[label]! > sizes[largest]!) largest = label;
  const result = new Uint8Array(mask.length);
  for (let i = 0; i < result.length; i++) result[i] = labels[i] === largest ? 1 : 0;
  return result;
}

interface Runs {
  /** First voxel of each run along x, and the one behind its last. */
  start: number[];
  end: number[];
  /** Row r (z·height + y) has the runs firstOfRow[r] … firstOfRow[r + 1] − 1. */
  firstOfRow: Int32Array;
}

function findRuns(mask: Uint8Array, width: number): Runs {
  const rows = mask.length / width;
  const runs: Runs = { start: [], end: [], firstOfRow: new Int32Array(rows + 1) };
  for (let row = 0; row < rows; row++) {
    const offset = row * width;
    for (let x = 0; x < width; x++) {
      if (mask[offset + x] === 0) continue;
      runs.start.push(x);
      while (x < width && mask[offset + x] !== 0) x++;
      runs.end.push(x);
    }
    runs.firstOfRow[row + 1] = runs.start.length;
  }
  return runs;
}
