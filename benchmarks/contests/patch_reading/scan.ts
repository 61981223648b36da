/**
 * A CT-like scan, normalised as training stores it, and its label map.
 *
 * @module
 */
import { addNormalNoise, createRandom } from "../../../lib/data/random.ts";
import { type CtIntensity, normaliseIntensity } from "../../../lib/data/store/intensity.ts";
import type { Shape } from "../../../lib/imaging/volume.ts";

/** As nnU-Net's plans of abdominal CT have it: clipped about the organs' intensities. */
const INTENSITY: CtIntensity = { scheme: "ct", clipHu: [-160, 240], mean: 80, std: 75 };

/** Label codes. */
export const ORGANS: number[] = Array.from({ length: 15 }, (_, i) => i + 1);

/** Standard deviation of the noise, HU. */
const NOISE = 15;

/**
 * A body of soft tissue in air, with waves of intensity, and ball-shaped organs. Noise is no whole number of HU, as after resampling
 * to another spacing.
 *
 * @returns image: normalised float32; labels: 0 and organ codes; both [depth, height, width] of `shape`
 */
export function ctLikeScan(
  shape: Shape,
): { image: Float32Array<ArrayBuffer>; labels: Uint8Array<ArrayBuffer> } {
  const [depth, height, width] = shape;
  const image = new Float32Array(depth * height * width);
  const labels = new Uint8Array(image.length);
  for (let z = 0, voxel = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      const v = y / height - 0.5;
      for (let x = 0; x < width; x++, voxel++) {
        const u = x / width - 0.5;
        const inBody = (u / 0.42) ** 2 + (v / 0.33) ** 2 < 1;
        const label = inBody ? organAt(z, y, x) : 0;
        labels[voxel] = label;
        image[voxel] = inBody ? tissue(z, y, x) + 8 * label : -1000;
      }
    }
  }
  addNormalNoise(image, { random: createRandom("benchmark", "ct"), std: NOISE });
  return { image: normaliseIntensity(image, INTENSITY), labels };
}

/** HU of fat and muscle, in waves. */
function tissue(z: number, y: number, x: number): number {
  return 20 + 90 * Math.sin(x / 31 + z / 47) * Math.sin(y / 23 - z / 61);
}

/** A ball in every cell of 100 voxels a side, its code by the cell. */
function organAt(z: number, y: number, x: number): number {
  const squared = (z % 100 - 50) ** 2 + (y % 100 - 50) ** 2 + (x % 100 - 50) ** 2;
  return squared > 30 ** 2
    ? 0
    : ORGANS[(Math.floor(z / 100) + 4 * Math.floor(y / 100) + Math.floor(x / 100)) % ORGANS.length]!;
}
