/**
 * The preprocessed store: one Zarr v3 array an image and one a label map, cut in chunks and compressed, so that
 * a patch is read without the whole scan.
 *
 * @module
 */
import * as zarr from "zarrita";
import { FileSystemStore } from "@zarrita/storage";
import type { Shape } from "../../imaging/volume.ts";
import type { ChunkCache } from "./chunk_cache.ts";
import { IGNORED } from "../label_set.ts";
import { clipRegion, pasteRegion, type Region, voxelCount } from "../region.ts";
import type { StoredCase } from "./stored_case.ts";

export interface ReadOptions {
  /** Where decoded chunks are kept between reads. @default nowhere */
  cache?: ChunkCache;
}

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
  options: ReadOptions = {},
): Promise<Float32Array<ArrayBuffer>> {
  return readRegion(image, region, { ...options, shape, target: new Float32Array(voxelCount(region.shape)) });
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
  options: ReadOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const target = new Uint8Array(voxelCount(region.shape)).fill(IGNORED);
  return readRegion(labels, region, { ...options, shape, target });
}

function wholeOf(shape: Shape): Region {
  return { start: [0, 0, 0], shape };
}

async function readRegion<T extends Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>>(
  folder: string,
  region: Region,
  { shape, target, cache }: ReadOptions & { shape: Shape; target: T },
): Promise<T> {
  const part = clipRegion(region, shape);
  if (!part) return target;
  try {
    const open = () => zarr.open.v3(wholeStore(folder), { kind: "array" });
    const array = await (cache ? cache.array(folder, open) : open());
    const selection = part.start.map((first, axis) => zarr.slice(first, first + part.shape[axis]));
    const { data } = await zarr.get(array, selection);
    return pasteRegion(data as T, target, { part, whole: region });
  } catch (error) {
    throw new Error(`Cannot read a stored array: ${(error as Error).message} (${folder})`, { cause: error });
  }
}

/** Zarr takes a chunk that is not there for fill values; here every chunk was written, so it must be there. */
function wholeStore(folder: string): zarr.AsyncReadable {
  const files = new FileSystemStore(folder);
  return {
    async get(key, options) {
      const bytes = await files.get(key, options);
      if (!bytes) throw new Error(`${key} is missing`);
      return bytes;
    },
  };
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
  const array = await zarr.create(new FileSystemStore(folder), {
    shape,
    chunkShape: chunkShape(shape),
    dtype: data instanceof Float32Array ? "float32" : "uint8",
    codecs: [
      { name: "bytes", configuration: { endian: "little" } },
      {
        name: "blosc",
        configuration: {
          cname: "zstd",
          clevel: 3,
          shuffle: "shuffle",
          typesize: data.BYTES_PER_ELEMENT,
          blocksize: 0,
        },
      },
    ],
    fillValue: 0,
    dimensionNames: ["z", "y", "x"],
  });
  await zarr.set(array, null, { data, shape, stride: [shape[1] * shape[2], shape[2], 1] });
}

/**
 * Chunks of near 40 voxels along each axis (a patch of 64³ touches about 27, an axis shorter than 60 is not cut), equally
 * long, because the last chunk of an axis takes the memory of a whole one.
 */
function chunkShape(shape: Shape): Shape {
  return shape.map((length) => Math.ceil(length / Math.max(1, Math.round(length / 40)))) as Shape;
}
