/**
 * Exact Euclidean distances on anisotropic grids.
 *
 * @module
 */
import type { Shape, Spacing } from "./volume.ts";

/**
 * The distance in mm of each non-zero voxel to the nearest zero voxel; 0 at zero voxels, Infinity where there are
 * none. Values equal `scipy.ndimage.distance_transform_edt`'s bit for bit, so comparisons with a tolerance agree.
 *
 * Felzenszwalb and Huttenlocher, "Distance transforms of sampled functions" (2012): along one axis after the other,
 * squared distances are the lower envelope of parabolas. Beside them goes the index of the nearest zero voxel, from
 * which the distance is computed once at the end, so rounding does not pile up over the axes.
 *
 * @param mask [depth, height, width].
 * @param options `spacing`: voxel size [z, y, x] in mm.
 */
export function distanceTransform(
  mask: Uint8Array,
  shape: Shape,
  { spacing }: { spacing: Spacing },
): Float64Array {
  const [depth, height, width] = shape;
  const squared = new Float64Array(mask.length);
  const nearest = new Int32Array(mask.length);
  alongRows(mask, { width, spacing: spacing[2], squared, nearest });
  const envelope = createEnvelope(Math.max(depth, height), { squared, nearest });
  for (let z = 0; z < depth; z++) {
    for (let x = 0; x < width; x++) {
      envelope(z * height * width + x, { count: height, stride: width, spacing: spacing[1] });
    }
  }
  for (let first = 0; first < height * width; first++) {
    envelope(first, { count: depth, stride: height * width, spacing: spacing[0] });
  }
  return distances(nearest, { shape, spacing, squared });
}

/** Along x the nearest zero is simply the last or the next one. */
function alongRows(
  mask: Uint8Array,
  { width, spacing, squared, nearest }: {
    width: number;
    spacing: number;
    squared: Float64Array;
    nearest: Int32Array;
  },
): void {
  for (let row = 0; row < mask.length; row += width) {
    let zero = -1;
    for (let i = row; i < row + width; i++) {
      if (mask[i] === 0) zero = i;
      nearest[i] = zero;
      squared[i] = zero < 0 ? Infinity : ((i - zero) * spacing) ** 2;
    }
    zero = -1;
    for (let i = row + width - 1; i >= row; i--) {
      if (mask[i] === 0) zero = i;
      const distance = zero < 0 ? Infinity : ((zero - i) * spacing) ** 2;
      if (distance < squared[i]!) {
        squared[i] = distance;
        nearest[i] = zero;
      }
    }
  }
}

interface Line {
  count: number;
  stride: number;
  spacing: number;
}

/** One-dimensional pass over a line of voxels, in place. */
function createEnvelope(
  longest: number,
  { squared, nearest }: { squared: Float64Array; nearest: Int32Array },
) {
  const value = new Float64Array(longest);
  const index = new Int32Array(longest);
  // Parabolas of the envelope by their voxel, and from where on each is lowest.
  const vertex = new Int32Array(longest);
  const from = new Float64Array(longest);

  return (first: number, { count, stride, spacing }: Line): void => {
    const unit = spacing * spacing;
    let top = -1;
    for (let q = 0, i = first; q < count; q++, i += stride) {
      const own = squared[i]!;
      value[q] = own;
      index[q] = nearest[i]!;
      if (own === Infinity) continue;
      let start = -Infinity;
      while (top >= 0) {
        const p = vertex[top]!;
        // Where own + unit·(t − q)² falls below value[p] + unit·(t − p)².
        start = ((own - value[p]!) / unit + (q * q - p * p)) / (2 * (q - p));
        if (start > from[top]!) break;
        top--;
      }
      top++;
      vertex[top] = q;
      from[top] = top === 0 ? -Infinity : start;
    }
    if (top < 0) return;
    for (let q = 0, k = 0, i = first; q < count; q++, i += stride) {
      while (k < top && from[k + 1]! < q) k++;
      const p = vertex[k]!;
      squared[i] = value[p]! + unit * (q - p) * (q - p);
      nearest[i] = index[p]!;
    }
  };
}

/** √(Σ (difference in voxels · spacing)²), in z, y, x order as SciPy adds, into `squared`. */
function distances(
  nearest: Int32Array,
  { shape, spacing, squared }: { shape: Shape; spacing: Spacing; squared: Float64Array },
): Float64Array {
  const [depth, height, width] = shape;
  const plane = height * width;
  for (let z = 0, i = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        const zero = nearest[i]!;
        if (squared[i] === Infinity || zero === i) {
          squared[i] = zero === i ? 0 : Infinity;
          continue;
        }
        const zeroZ = Math.floor(zero / plane);
        const zeroY = Math.floor((zero - zeroZ * plane) / width);
        const dz = (z - zeroZ) * spacing[0];
        const dy = (y - zeroY) * spacing[1];
        const dx = (x - (zero - zeroZ * plane - zeroY * width)) * spacing[2];
        squared[i] = Math.sqrt(dz * dz + dy * dy + dx * dx);
      }
    }
  }
  return squared;
}
