/** A case of a few voxels for the page of volumes. */
import type { CaseVolumes } from "../../../../lib/plots/volumes/volume_page.ts";
import type { Affine, Shape } from "../../../../lib/imaging/volume.ts";

/** Names that would break a page which does not mind them. */
export const NAMES = [
  "Liver",
  `</script><b id="bad">x`,
  `"left" & 'kidney'`,
  "<!-- 肝臓",
  "Печень",
  "constructor",
];

const SHAPE: Shape = [12, 14, 16];

/** Voxels of 2×2×3 mm, x to the left; the grid's first voxel is at (30, -20, 10) mm. */
export const AFFINE: Affine = [[-2, 0, 0, 30], [0, 2, 0, -20], [0, 0, 3, 10], [0, 0, 0, 1]];

/** Six blocks in a row along x, an organ each; the prediction is the truth one voxel further along y. */
export function toyCase(change: Partial<CaseVolumes> = {}): CaseVolumes {
  const blocks = (shift: number) =>
    volume((z, y, x) => inBlock(z, y - shift, x) ? 1 + Math.floor((x - 2) / 2) : 0);
  return {
    title: "case </title> 1",
    subtitle: "toy/mutual/default/v001",
    organs: NAMES.map((name) => ({ name })),
    scan: {
      data: Int16Array.from(volume((z, y, x) => 15 * z + 4 * y + x), (value) => value - 100),
      shape: SHAPE,
      affine: AFFINE,
    },
    window: [-100, 155],
    truth: blocks(0),
    prediction: blocks(1),
    ...change,
  };
}

const inBlock = (z: number, y: number, x: number) => z >= 3 && z < 8 && y >= 4 && y < 9 && x >= 2 && x < 14;

function volume(value: (z: number, y: number, x: number) => number): Uint8Array {
  const [depth, height, width] = SHAPE;
  return Uint8Array.from(
    { length: depth * height * width },
    (_, v) => value(Math.floor(v / (width * height)), Math.floor(v / width) % height, v % width),
  );
}
