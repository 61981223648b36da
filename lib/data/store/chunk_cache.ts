/**
 * Decoded chunks of stored arrays, kept up to a number of bytes. Stored arrays never change (their folders are
 * named by their content), so nothing is ever invalidated.
 *
 * @module
 */
import type { Array as ZarrArray, Chunk, DataType, Readable } from "zarrita";
import { defineArrayExtension } from "zarrita";

export interface ChunkCache {
  /** The array that was opened under a folder, opening it at the first call. */
  array<D extends DataType>(
    folder: string,
    open: () => Promise<ZarrArray<D, Readable>>,
  ): Promise<ZarrArray<D, Readable>>;
  /** Bytes held now. */
  readonly bytes: number;
}

/**
 * A cache that forgets the chunk used longest ago first.
 *
 * @param maxBytes of decoded voxels
 */
export function createChunkCache(maxBytes: number): ChunkCache {
  // A Map iterates in the order of insertion: re-inserting at every use keeps the oldest first.
  const chunks = new Map<string, { chunk: Promise<Chunk<DataType>>; bytes: number }>();
  const arrays = new Map<string, Promise<ZarrArray<DataType, Readable>>>();
  let bytes = 0;

  const withCache = defineArrayExtension((array, { folder }: { folder: string }) => ({
    getChunk(coordinates, options) {
      const key = `${folder}:${coordinates}`;
      const known = chunks.get(key);
      if (known) {
        chunks.delete(key);
        chunks.set(key, known);
        return known.chunk;
      }
      const entry = { chunk: array.getChunk(coordinates, options), bytes: 0 };
      chunks.set(key, entry);
      entry.chunk.then(({ data }) => {
        if (chunks.get(key) !== entry) return;
        entry.bytes = (data as Uint8Array).byteLength;
        bytes += entry.bytes;
        evict();
      }, () => chunks.delete(key));
      return entry.chunk;
    },
  }));

  function evict() {
    for (const [key, entry] of chunks) {
      if (bytes <= maxBytes) return;
      chunks.delete(key);
      bytes -= entry.bytes;
    }
  }

  return {
    array<D extends DataType>(folder: string, open: () => Promise<ZarrArray<D, Readable>>) {
      let array = arrays.get(folder);
      if (!array) {
        array = open().then((opened) => withCache(opened, { folder }) as ZarrArray<DataType, Readable>);
        array.catch(() => arrays.delete(folder));
        arrays.set(folder, array);
      }
      return array as unknown as Promise<ZarrArray<D, Readable>>;
    },
    get bytes() {
      return bytes;
    },
  };
}
