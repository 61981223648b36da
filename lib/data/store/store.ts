/**
 * The preprocessed store: one Zarr v3 array an image and one a label map, cut in chunks, so that a patch is read without
 * the whole scan.
 *
 * Nothing is kept between reads: the system's file cache holds what was read lately, and a chunk comes from it as fast as
 * from a cache of ours.
 *
 * @module
 */
import * as zarr from "zarrita";
import { FileSystemStore } from "@zarrita/storage";
import { join } from "@std/path";
import type { Shape } from "../../imaging/volume.ts";
import { chunkCounts, chunkShapeOf, chunksTouched } from "./chunk_grid.ts";
import { eachAxis } from "../../imaging/each_axis.ts";
import { IGNORED } from "../label_set.ts";
import { commonRegion, copyRegion, type Region, voxelCount } from "../region.ts";
import { openArrayFiles, shardCodec, writeShard } from "./shard.ts";
import type { StoredCase } from "./stored_case.ts";

/**
 * Reads normalised intensities.
 *
 * @param region which voxels; those outside of the case are 0, the mean intensity. @default the whole case
 * @returns [depth, height, width] of the region, float32
 * @throws Error with the array's folder and the reason when it cannot be read
 */
export function readStoredImage(
  { image, shape }: Pick<StoredCase, "image" | "shape">,
  region: Region = wholeOf(shape),
): Promise<Float32Array<ArrayBuffer>> {
  return readRegion(image, region, { shape, target: new Float32Array(voxelCount(region.shape)) });
}

/**
 * Reads label codes (see label_set.ts).
 *
 * @param region which voxels; those outside of the case are IGNORED. @default the whole case
 * @returns [depth, height, width] of the region, uint8
 * @throws Error with the array's folder and the reason when it cannot be read
 */
export function readStoredLabels(
  { labels, shape }: Pick<StoredCase, "labels" | "shape">,
  region: Region = wholeOf(shape),
): Promise<Uint8Array<ArrayBuffer>> {
  const target = new Uint8Array(voxelCount(region.shape)).fill(IGNORED);
  return readRegion(labels, region, { shape, target });
}

function wholeOf(shape: Shape): Region {
  return { start: [0, 0, 0], shape };
}

async function readRegion<T extends Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>>(
  folder: string,
  region: Region,
  { shape, target }: { shape: Shape; target: T },
): Promise<T> {
  const part = commonRegion(region, { start: [0, 0, 0], shape });
  if (!part) return target;
  try {
    using files = openArrayFiles(folder);
    const array = await zarr.open.v3(files, { kind: "array" });
    for (const chunk of chunksTouched(part, array.chunks as Shape)) {
      const { data } = await array.getChunk(chunk.place);
      const box = commonRegion(chunk.region, part)!;
      copyRegion(data as T, target, { box, from: chunk.region, to: region });
    }
    return target;
  } catch (error) {
    throw new Error(`Cannot read a stored array: ${(error as Error).message} (${folder})`, { cause: error });
  }
}

/**
 * Writes a new array.
 *
 * @param folder of the array, not there yet
 * @param data voxels in C order, [depth, height, width]
 */
export async function writeStoredArray(
  folder: string,
  data: Float32Array | Uint8Array,
  { shape }: { shape: Shape },
): Promise<void> {
  const chunkShape = chunkShapeOf(shape);
  const counts = chunkCounts(shape, chunkShape);
  await zarr.create(new FileSystemStore(folder), {
    shape,
    // One shard holds all: a dataset has two files a case, and not thousands.
    chunkShape: eachAxis((axis) => counts[axis] * chunkShape[axis]),
    dtype: data instanceof Float32Array ? "float32" : "uint8",
    codecs: [shardCodec(chunkShape)],
    fillValue: 0,
    dimensionNames: ["z", "y", "x"],
  });
  await writeShard(join(folder, "c/0/0/0"), data, { shape, chunkShape });
}
