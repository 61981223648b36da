/**
 * The bytes of a plain or gzipped file, in order, taken as they are asked for.
 *
 * Inflating is native (`node:zlib`, not `DecompressionStream`: the latter refuses files of several gzip members
 * and cannot tell a cut file from a corrupt one). Nothing is inflated beyond what is asked for but one chunk, so
 * a lying file costs no more memory than an honest one.
 *
 * @module
 */
import { createReadStream } from "node:fs";
import { createUnzip } from "node:zlib";
import { ScanError } from "./scan_error.ts";

/** DEFLATE cannot expand further: 258 bytes from two bits (zlib, "Maximum Compression Factor"). */
const MAX_DEFLATE_RATIO = 1032;

/** Padding that some writers leave after the voxels; more is taken for a gzip bomb. */
const PADDING_BYTES = 65_536;

/** Bytes inflated at a time. */
const CHUNK_BYTES = 262_144;

export interface ByteSource {
  /** No more bytes than this can come: the length of a plain file, 1032 times that of a gzipped one. */
  capacity: number;
  /** Fills `target` from where the last call stopped; returns how many bytes there still were. */
  read(target: Uint8Array): Promise<number>;
  /** Reads to the end of a gzipped file, so that its checksum is tested; throws where it goes on and on. */
  finish(): Promise<void>;
  /** Must be called, whatever happened. */
  close(): void;
}

export interface ByteSourceOptions {
  /** First byte of the file that is meant. @default 0 */
  start?: number;
  /** Whether the bytes from there on are compressed, by gzip or zlib. @default as they look: gzip has a signature */
  compressed?: boolean | undefined;
}

/**
 * @throws ScanError `missing` when there is no such file; `corrupt`, `truncated` and `oversized` from the calls.
 */
export async function openByteSource(
  path: string,
  { start = 0, compressed }: ByteSourceOptions = {},
): Promise<ByteSource> {
  let length: number;
  const magic = new Uint8Array(2);
  try {
    const info = await Deno.stat(path);
    // Of a pipe, a socket or a device the end may never come.
    const found = info.isDirectory ? "a folder" : "a pipe, a socket or a device";
    if (!info.isFile) throw new ScanError("missing", `wanted a file, found ${found}`, { path });
    length = Math.max(0, info.size - start);
    using file = await Deno.open(path);
    await file.seek(start, Deno.SeekMode.Start);
    await file.read(magic);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new ScanError("missing", "there is no such file", { path, cause: error });
  }
  const gzipped = compressed ?? (magic[0] === 0x1f && magic[1] === 0x8b);
  const file = createReadStream(path, { start, highWaterMark: CHUNK_BYTES });
  const stream = gzipped ? file.pipe(createUnzip({ chunkSize: CHUNK_BYTES })) : file;
  // An error of the file itself does not travel along a pipe; and one that is closed unread may still say that it is gone.
  file.on("error", (error) => {
    if (gzipped) stream.destroy(error);
  });
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  let rest = new Uint8Array(0);

  const nextChunk = async (): Promise<boolean> => {
    try {
      const { value, done } = await chunks.next();
      if (!done) rest = value as Uint8Array<ArrayBuffer>;
      return !done;
    } catch (error) {
      throw inflationError(error as Error, path);
    }
  };

  return {
    capacity: gzipped ? length * MAX_DEFLATE_RATIO : length,
    async read(target) {
      let filled = 0;
      while (filled < target.length && (rest.length > 0 || await nextChunk())) {
        const part = rest.subarray(0, target.length - filled);
        target.set(part, filled);
        filled += part.length;
        rest = rest.subarray(part.length);
      }
      return filled;
    },
    async finish() {
      if (!gzipped) return;
      let padding = rest.length;
      while (padding <= PADDING_BYTES && await nextChunk()) padding += rest.length;
      if (padding <= PADDING_BYTES) return;
      throw new ScanError(
        "oversized",
        `it inflates to more than its header announces: wanted at most ${PADDING_BYTES} bytes of padding after ` +
          `the voxels, stopped after ${padding}`,
        { path },
      );
    },
    close() {
      stream.destroy();
      file.destroy();
    },
  };
}

/** zlib's errors by name; others, such as of a disk that cannot be read, speak for themselves. */
function inflationError(error: Error & { code?: string }, path: string): Error {
  if (!error.code?.startsWith("Z_")) return error;
  const truncated = error.message.includes("unexpected end");
  return new ScanError(
    truncated ? "truncated" : "corrupt",
    truncated ? "the gzip data ends early" : `the gzip data does not inflate: ${error.message}`,
    { path, cause: error },
  );
}
