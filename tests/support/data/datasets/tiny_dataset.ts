/** Datasets of a few voxels in a temporary folder. */
import { basename, dirname, join } from "@std/path";
import { writeNifti } from "../../../../lib/imaging/nifti/write_nifti.ts";
import type { Affine, Shape } from "../../../../lib/imaging/volume.ts";

export interface TinyCase {
  id: string;
  /** Values of the first voxels of the label map; the others are 0. @default [1, 2] */
  labels?: number[];
  /** Values of the first voxels of the image; the others are 0. @default [1, 2, 3] */
  intensities?: number[];
  /** @default [4, 4, 4] */
  shape?: Shape;
  /** Edge of a voxel in mm. @default 2 */
  edge?: number;
  /** Edge of the label map's voxels. @default as the image's */
  labelEdge?: number;
  /** @default as the image's */
  labelShape?: Shape;
}

const diagonal = (edge: number): Affine => [[edge, 0, 0, 0], [0, edge, 0, 0], [0, 0, edge, 0], [0, 0, 0, 1]];

function filled<T extends Float32Array | Uint8Array>(data: T, values: number[]): T {
  values.forEach((value, index) => data[index] = value);
  return data;
}

const voxels = ([depth, height, width]: Shape) => depth * height * width;

/** A little above 0, from the names of the dataset's folder and of the file. */
function ownValue(image: string): number {
  const text = [basename(dirname(dirname(image))), basename(image)].join("/");
  return [...text].reduce((hash, sign) => (hash * 31 + sign.charCodeAt(0)) % 99991, 7) / 1e6;
}

async function writeCase(scan: TinyCase, { image, label }: { image: string; label: string }): Promise<void> {
  const { labels = [1, 2], intensities = [1, 2, 3], shape = [4, 4, 4], edge = 2 } = scan;
  const { labelEdge = edge, labelShape = shape } = scan;
  const scanData = filled(new Float32Array(voxels(shape)), intensities);
  // No two cases are one scan: the last voxel is as nobody else's, but of those without any values.
  if (intensities.length > 0 && scanData.length > intensities.length) {
    scanData[scanData.length - 1] = ownValue(image);
  }
  await writeNifti(image, { data: scanData, shape, affine: diagonal(edge) });
  const labelData = filled(new Uint8Array(voxels(labelShape)), labels);
  await writeNifti(label, { data: labelData, shape: labelShape, affine: diagonal(labelEdge) });
}

/** Decathlon layout, labels 1 Liver and 2 Spleen; `extra` replaces or adds keys of dataset.json. */
export async function writeDecathlon(
  folder: string,
  cases: TinyCase[],
  extra: Record<string, unknown> = {},
): Promise<string> {
  await Deno.mkdir(join(folder, "imagesTr"), { recursive: true });
  await Deno.mkdir(join(folder, "labelsTr"), { recursive: true });
  for (const scan of cases) {
    const file = `${scan.id}.nii.gz`;
    await writeCase(scan, { image: join(folder, "imagesTr", file), label: join(folder, "labelsTr", file) });
  }
  const json = {
    name: "Tiny",
    modality: { "0": "CT" },
    labels: { "0": "background", "1": "Liver", "2": "Spleen" },
    training: cases.map(({ id }) => ({ image: `./imagesTr/${id}.nii.gz`, label: `./labelsTr/${id}.nii.gz` })),
    ...extra,
  };
  await Deno.writeTextFile(join(folder, "dataset.json"), JSON.stringify(json));
  return folder;
}

/** nnU-Net v2's layout of the same. */
export async function writeNnunet(
  folder: string,
  cases: TinyCase[],
  extra: Record<string, unknown> = {},
): Promise<string> {
  await Deno.mkdir(join(folder, "imagesTr"), { recursive: true });
  await Deno.mkdir(join(folder, "labelsTr"), { recursive: true });
  for (const scan of cases) {
    await writeCase(scan, {
      image: join(folder, "imagesTr", `${scan.id}_0000.nii.gz`),
      label: join(folder, "labelsTr", `${scan.id}.nii.gz`),
    });
  }
  const json = {
    channel_names: { "0": "CT" },
    labels: { background: 0, Liver: 1, Spleen: 2 },
    numTraining: cases.length,
    file_ending: ".nii.gz",
    ...extra,
  };
  await Deno.writeTextFile(join(folder, "dataset.json"), JSON.stringify(json));
  return folder;
}

/** Runs a test in a temporary folder. */
export async function inTempFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "consilium_" });
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** `count` cases called case_1, case_2… */
export function tinyCases(count: number, start = 1): TinyCase[] {
  return Array.from({ length: count }, (_, index) => ({ id: `case_${index + start}` }));
}
