/**
 * Slices across any axis of a volume.
 *
 * @module
 */
import type { Shape, Spacing } from "../../imaging/volume.ts";

/** An axis of the voxels: z is the first of [depth, height, width]. */
export type SliceAxis = "x" | "y" | "z";

/** The axis of the largest spacing; of equal ones z before y before x. */
export function coarsestAxis(spacing: Spacing): SliceAxis {
  const largest = Math.max(...spacing);
  // Lengths of an affine's columns differ in their last digits.
  return (["z", "y", "x"] as const)[spacing.findIndex((length) => length > largest * (1 - 1e-4))]!;
}

/**
 * Does something to a volume that is turned so that its slices across the axis come first, and turns back what it gives.
 *
 * @param labels [depth, height, width]
 * @param change of [slice, …, …], to as many voxels
 */
export function alongAxis(
  labels: Uint8Array,
  { shape, axis }: { shape: Shape; axis: SliceAxis },
  change: (slices: Uint8Array, shape: Shape) => Uint8Array,
): Uint8Array<ArrayBuffer> {
  const [depth, height, width] = shape;
  const steps = { z: height * width, y: width, x: 1 }, sizes = { z: depth, y: height, x: width };
  const [first, second, third] = [
    axis,
    ...(["z", "y", "x"] as const).filter((other) => other !== axis),
  ] as const;
  const places = new Int32Array(labels.length);
  for (let a = 0, at = 0; a < sizes[first]!; a++) {
    for (let b = 0; b < sizes[second!]!; b++) {
      for (let c = 0; c < sizes[third!]!; c++) {
        places[at++] = a * steps[first]! + b * steps[second!]! + c * steps[third!]!;
      }
    }
  }
  const turned = Uint8Array.from(places, (place) => labels[place]!);
  const changed = change(turned, [sizes[first]!, sizes[second!]!, sizes[third!]!]);
  const back = new Uint8Array(labels.length);
  places.forEach((place, at) => back[place] = changed[at]!);
  return back;
}
