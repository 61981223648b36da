/**
 * Label maps of ragged blobs: a truth, and a prediction that is nearly right.
 *
 * @module
 */
import { eachAxis } from "../../../lib/imaging/each_axis.ts";
import { createRandom, type RandomGenerator, uniform } from "../../../lib/data/random.ts";
import type { Shape, Spacing } from "../../../lib/imaging/volume.ts";

/** [z, y, x], mm. */
type Point = [number, number, number];

/** An ellipsoid whose radius waves with the place. */
interface Blob {
  code: number;
  centre: Point;
  radii: Point;
  waves: { height: number; direction: Point; phase: number }[];
}

export interface BlobScan {
  shape: Shape;
  spacing: Spacing;
  truth: Uint8Array<ArrayBuffer>;
  prediction: Uint8Array<ArrayBuffer>;
}

/** The scan number `index`, with `organs` label codes from 1 on; later organs lie over earlier ones. */
export function blobScan(index: number, { shape, organs }: { shape: Shape; organs: number }): BlobScan {
  const random = createRandom("benchmark", "blobs", index);
  const spacing: Spacing = [
    uniform(random, [2, 4]),
    uniform(random, [0.8, 1.2]),
    uniform(random, [0.8, 1.2]),
  ];
  const truth = new Uint8Array(shape[0] * shape[1] * shape[2]);
  const prediction = truth.slice();
  const extent = eachAxis((axis) => shape[axis] * spacing[axis]);
  for (let code = 1; code <= organs; code++) {
    const blob = drawBlob(random, { code, extent });
    paint(truth, blob, { shape, spacing });
    paint(prediction, misplaced(blob, random), { shape, spacing });
  }
  return { shape, spacing, truth, prediction };
}

function drawBlob(random: RandomGenerator, { code, extent }: { code: number; extent: Point }): Blob {
  // From a gland to a liver.
  const size = uniform(random, [8, 32]);
  return {
    code,
    centre: eachAxis((axis) => extent[axis] * uniform(random, [0.25, 0.75])),
    radii: eachAxis(() => size * uniform(random, [0.7, 1.3])),
    waves: Array.from({ length: 4 }, () => ({
      height: uniform(random, [0.03, 0.12]),
      direction: eachAxis(() => uniform(random, [-0.4, 0.4])),
      phase: uniform(random, [0, 2 * Math.PI]),
    })),
  };
}

/** As a network draws it: some mm aside, a little too large or too small, with other bumps. */
function misplaced(blob: Blob, random: RandomGenerator): Blob {
  const factor = uniform(random, [0.9, 1.1]);
  return {
    code: blob.code,
    centre: blob.centre.map((at) => at + uniform(random, [-2, 2])) as Point,
    radii: blob.radii.map((radius) => radius * factor) as Point,
    waves: blob.waves.map((wave) => ({ ...wave, phase: wave.phase + uniform(random, [-1, 1]) })),
  };
}

function paint(
  labels: Uint8Array,
  { code, centre, radii, waves }: Blob,
  { shape, spacing }: { shape: Shape; spacing: Spacing },
): void {
  for (let z = 0, voxel = 0; z < shape[0]; z++) {
    for (let y = 0; y < shape[1]; y++) {
      for (let x = 0; x < shape[2]; x++, voxel++) {
        const dz = z * spacing[0] - centre[0],
          dy = y * spacing[1] - centre[1],
          dx = x * spacing[2] - centre[2];
        const squared = (dz / radii[0]) ** 2 + (dy / radii[1]) ** 2 + (dx / radii[2]) ** 2;
        // Four waves of 0.12 reach no farther.
        if (squared > 1.48 ** 2) continue;
        let radius = 1;
        for (const { height, direction, phase } of waves) {
          radius += height * Math.sin(direction[0] * dz + direction[1] * dy + direction[2] * dx + phase);
        }
        if (squared <= radius ** 2) labels[voxel] = code;
      }
    }
  }
}
