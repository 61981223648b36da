/**
 * All chunks of an array in one file, as the `sharding_indexed` codec of Zarr v3 lays them out: chunk after chunk, then
 * an index that says where each one is. zarrita reads such files, but does not write them.
 *
 * Chunks are not compressed: of resampled intensities compression leaves seven tenths, and to undo it takes longer than
 * all the rest of reading. What does compress, air that was clipped to one value and background, is a chunk of one
 * value, and every index entry of such a chunk points to the same copy.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import type { AbsolutePath, RangeQuery } from "@zarrita/storage";
import type { Shape } from "../../imaging/volume.ts";
import { commonRegion, copyRegion } from "../region.ts";
import { chunksTouched } from "./chunk_grid.ts";

/** Voxels and index entries as they lie in memory: the machine is little-endian (x86-64, ARM). */
const BYTES = { name: "bytes", configuration: { endian: "little" } };

/** For zarr.json. */
export function shardCodec(chunkShape: Shape) {
  const codecs = { codecs: [BYTES], index_codecs: [BYTES] };
  return {
    name: "sharding_indexed",
    configuration: { chunk_shape: chunkShape, ...codecs, index_location: "end" },
  };
}

/**
 * Writes the only shard of an array.
 *
 * @param path of the file; its folder is made
 * @param data voxels in C order, [depth, height, width]
 */
export async function writeShard(
  path: string,
  data: Float32Array | Uint8Array,
  { shape, chunkShape }: { shape: Shape; chunkShape: Shape },
): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  using file = await Deno.open(path, { write: true, createNew: true });
  const whole = { start: [0, 0, 0] as Shape, shape };
  const chunk = new (data.constructor as new (length: number) => typeof data)(
    chunkShape[0] * chunkShape[1] * chunkShape[2],
  );
  const bytes = new Uint8Array(chunk.buffer as ArrayBuffer);
  const index: bigint[] = [];
  const uniform = new Map<number, number>();
  let end = 0;
  for (const { region } of chunksTouched(whole, chunkShape)) {
    const [z, y, x] = region.start;
    // What reaches over the array's end must not keep a chunk from being of one value.
    chunk.fill(data[(z * shape[1] + y) * shape[2] + x]!);
    copyRegion(data, chunk, { box: commonRegion(region, whole)!, from: whole, to: region });
    const first = chunk[0]!;
    const isUniform = chunk.every((voxel) => voxel === first);
    const same = isUniform ? uniform.get(first) : undefined;
    index.push(BigInt(same ?? end), BigInt(bytes.length));
    if (same !== undefined) continue;
    if (isUniform) uniform.set(first, end);
    await writeAll(file, bytes);
    end += bytes.length;
  }
  await writeAll(file, new Uint8Array(BigUint64Array.from(index).buffer));
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
}

/** An array's files as zarrita reads them. Zarr takes what is not there for fill values; here everything was written. */
export interface ArrayFiles {
  get(key: AbsolutePath): Uint8Array;
  /** A chunk's bytes are valid until the next call: they all go through one buffer. */
  getRange(key: AbsolutePath, range: RangeQuery): Uint8Array;
  [Symbol.dispose](): void;
}

/**
 * Opens an array's folder. Reading is synchronous: a chunk in the file cache is there in 10 µs, and waiting for it by a
 * promise would take several times that.
 *
 * @throws Error from the calls, when a file is missing or ends early
 */
export function openArrayFiles(folder: string): ArrayFiles {
  const files = new Map<string, Deno.FsFile>();
  let buffer = new Uint8Array(0);

  const open = (key: string) => {
    const file = files.get(key) ?? found(key, () => Deno.openSync(join(folder, key)));
    files.set(key, file);
    return file;
  };

  return {
    get: (key) => found(key, () => Deno.readFileSync(join(folder, key))),
    getRange(key, range) {
      const file = open(key);
      if ("suffixLength" in range) {
        file.seekSync(-range.suffixLength, Deno.SeekMode.End);
        return fill(new Uint8Array(range.suffixLength), file, key);
      }
      if (buffer.length < range.length) buffer = new Uint8Array(range.length);
      file.seekSync(range.offset, Deno.SeekMode.Start);
      return fill(buffer.subarray(0, range.length), file, key);
    },
    [Symbol.dispose]: () => files.forEach((file) => file.close()),
  };
}

function found<T>(key: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new Error(`${key} is missing`, { cause: error });
    throw error;
  }
}

function fill(target: Uint8Array, file: Deno.FsFile, key: string): Uint8Array {
  for (let done = 0; done < target.length;) {
    const read = file.readSync(target.subarray(done));
    if (read === null) throw new Error(`${key} ends early`);
    done += read;
  }
  return target;
}
