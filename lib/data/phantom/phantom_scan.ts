/**
 * Scanning a person of the phantom.
 *
 * @module
 */
import type { Volume } from "../../imaging/volume.ts";
import { type Anatomy, type Part, PHANTOM_LABELS, type PhantomOrgan } from "./phantom_anatomy.ts";
import { type Scanner, scannerGrid } from "./phantom_scanner.ts";
import type { Solid } from "./phantom_shapes.ts";
import { eachAxis } from "../../imaging/each_axis.ts";
import { addNormalNoise, type RandomGenerator, uniform } from "../random.ts";

/** Three waves of up to 5 mm that bend every surface, so that no organ is a textbook body. */
type Warp = { wave: [number, number, number]; phase: number; push: [number, number, number] }[];

function drawWarp(random: RandomGenerator): Warp {
  const triple = (reach: number) =>
    [0, 1, 2].map(() => uniform(random, [-reach, reach])) as [number, number, number];
  return Array.from({ length: 3 }, () => ({
    wave: triple(0.03),
    phase: uniform(random, [0, 2 * Math.PI]),
    push: triple(5),
  }));
}

/** The point of the straight body that each voxel sees through the warp, mm, [voxel, (x, y, z)]. */
function bentPoints({ shape, affine }: Pick<Volume, "shape" | "affine">, warp: Warp): Float32Array {
  const [depth, height, width] = shape;
  const bent = new Float32Array(3 * depth * height * width);
  let at = 0;
  for (let k = 0; k < depth; k++) {
    for (let j = 0; j < height; j++) {
      for (let i = 0; i < width; i++) {
        const [x, y, z] = eachAxis((axis) => {
          const row = affine[axis]!;
          return row[0]! * i + row[1]! * j + row[2]! * k + row[3]!;
        });
        let [bx, by, bz] = [x, y, z];
        for (const { wave, phase, push } of warp) {
          const size = Math.sin(wave[0] * x + wave[1] * y + wave[2] * z + phase);
          bx += push[0] * size;
          by += push[1] * size;
          bz += push[2] * size;
        }
        bent[at++] = bx;
        bent[at++] = by;
        bent[at++] = bz;
      }
    }
  }
  return bent;
}

/** Calls back with the share of each voxel that a body fills, where it fills any. */
function fill(
  { low, high, distance }: Solid,
  { points, edge }: { points: Float32Array; edge: number },
  paint: (voxel: number, share: number) => void,
) {
  for (let voxel = 0, at = 0; at < points.length; voxel++, at += 3) {
    const x = points[at]!, y = points[at + 1]!, z = points[at + 2]!;
    if (x < low[0] - edge || x > high[0] + edge) continue;
    if (y < low[1] - edge || y > high[1] + edge) continue;
    if (z < low[2] - edge || z > high[2] + edge) continue;
    const share = Math.min(1, 0.5 - distance(x, y, z) / edge);
    if (share > 0) paint(voxel, share);
  }
}

const labelOf = ({ tissue }: Part) => PHANTOM_LABELS[tissue as PhantomOrgan] ?? 0;

/**
 * A scan (HU, int16) and the truth (PHANTOM_LABELS, uint8) on the scanner's grid. Voxels on a surface mix the HU of
 * both sides; they carry the label of what fills most of them.
 */
export function scanAnatomy(
  anatomy: Anatomy,
  { scanner, random }: { scanner: Scanner; random: RandomGenerator },
): { image: Volume<Int16Array>; labels: Volume<Uint8Array> } {
  const { tissueHu, gain, noiseHu, voxelMm } = scanner;
  const edge = Math.cbrt(voxelMm[0] * voxelMm[1] * voxelMm[2]);
  const grid = scannerGrid(scanner, random);
  const grains = { points: bentPoints(grid, drawWarp(random)), edge };
  const hu = new Float32Array(grains.points.length / 3).fill(-1000);
  const data = new Uint8Array(hu.length);
  const mix = (value: number) => (voxel: number, share: number) => {
    hu[voxel]! += share * (value - hu[voxel]!);
  };
  fill(anatomy.body, grains, mix(tissueHu.Muscle));
  fill(anatomy.cavity, grains, mix(-95));
  for (const part of anatomy.parts) {
    const label = labelOf(part);
    const value = tissueHu[part.tissue] + part.offsetHu;
    fill(part.solid, grains, (voxel, share) => {
      hu[voxel]! += share * (value - hu[voxel]!);
      if (share >= 0.5) data[voxel] = label;
    });
  }
  for (let voxel = 0; voxel < hu.length; voxel++) hu[voxel] = (hu[voxel]! + 95) * gain - 95;
  addNormalNoise(hu, { random, std: noiseHu * uniform(random, [0.85, 1.2]) });
  const image = Int16Array.from(hu, (value) => Math.max(-1024, Math.round(value)));
  return { image: { ...grid, data: image }, labels: { ...grid, data } };
}
