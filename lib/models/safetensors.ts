/**
 * Tensors and their story in one file: the safetensors format, so that Python reads our weights too. Nothing here loads TensorFlow.
 *
 *     8 bytes    length of the header, little-endian
 *     header     JSON: {name: {dtype, shape, data_offsets}, __metadata__: {meta: JSON text, sha256}}
 *     data       little-endian, in the header's order
 *
 * The SHA-256 is of the header without it, and of the data. A file without one is read, too: it is older, or another program's.
 *
 * @module
 */
import { z } from "zod";
import { parseWith } from "../data/json_file.ts";
import { bytesHash } from "../files/seal.ts";
import { reasonOf } from "../text/error_text.ts";

const dtypes = { float32: "F32", int32: "I32", bool: "BOOL" } as const;

/** Types of numbers that files hold. */
export type StoredType = keyof typeof dtypes;

export const storedTypes = Object.keys(dtypes) as StoredType[];

/** A tensor as numbers. */
export interface StoredTensor {
  type: StoredType;
  shape: number[];
  numbers: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;
}

export interface StoredTensors {
  tensors: Record<string, StoredTensor>;
  /** Whatever is JSON. */
  meta: Record<string, unknown>;
}

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

/**
 * Writes tensors and meta, bit for bit, to `path` (conventionally *.safetensors): first to a temporary name beside it,
 * then renamed, so a reader never finds half a file.
 */
export async function writeSafetensors(path: string, { tensors, meta }: StoredTensors): Promise<void> {
  const entries: Record<string, Entry> = {};
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { type, shape, numbers }] of Object.entries(tensors)) {
    const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
    entries[name] = { dtype: dtypes[type], shape, data_offsets: [offset, offset + bytes.length] };
    parts.push(bytes);
    offset += bytes.length;
  }
  const written: Header = { entries, meta: JSON.stringify(meta) };
  const padded = headerBytes({ ...written, sha256: checksum(written, parts) });
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(padded.length), true);

  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    const file = await Deno.open(temporary, { write: true, createNew: true });
    try {
      for (const part of [length, padded, ...parts]) {
        for (let written = 0; written < part.length;) written += await file.write(part.subarray(written));
      }
      await file.sync();
    } finally {
      file.close();
    }
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw new Error(`Cannot save tensors: ${reasonOf(error)} (${path})`);
  }
}

interface Header {
  entries: Record<string, Entry>;
  meta: string;
  sha256?: string | undefined;
}

/** Readers may want the data aligned; the format allows trailing spaces in the header. */
function headerBytes({ entries, ...metadata }: Header): Uint8Array<ArrayBuffer> {
  const encoded = new TextEncoder().encode(JSON.stringify({ __metadata__: metadata, ...entries }));
  const padded = new Uint8Array(Math.ceil(encoded.length / 8) * 8).fill(32);
  padded.set(encoded);
  return padded;
}

function checksum(header: Header, parts: readonly Uint8Array[]): string {
  return bytesHash(headerBytes({ ...header, sha256: undefined }), ...parts);
}

/** Ours, which has nothing else, so that a damaged key is no other program's; or another program's. */
const metadata = z.union([
  z.strictObject({ meta: z.string(), sha256: z.string().optional() }),
  z.record(z.string(), z.string()).refine((found) => !("meta" in found)),
], { error: "must be a text by name, and beside `meta` none but `sha256`" });

const headerSchema = z.object({
  __metadata__: metadata.optional(),
}).catchall(z.object({
  dtype: z.string(),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
}));

/**
 * Reads what {@linkcode writeSafetensors} wrote.
 *
 * @throws when the file is missing, truncated, not of this format or not what was written, or has a number that is not finite
 */
export async function readSafetensors(path: string): Promise<StoredTensors> {
  const fail = (reason: string) => new Error(`Cannot load tensors: ${reason} (${path})`);
  const bytes = await Deno.readFile(path).catch((error) => {
    throw fail(reasonOf(error));
  });
  if (bytes.length < 8) throw fail(`a file must have at least 8 bytes, current size is ${bytes.length}`);
  const headerLength = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (headerLength > bytes.length - 8) {
    throw fail(
      `the header must end within the file, current length is ${headerLength}, file ${bytes.length} bytes`,
    );
  }
  const headed = bytes.subarray(8, 8 + headerLength), data = bytes.subarray(8 + headerLength);
  const { entries, meta, sha256 } = parseHeader(headed, fail);
  const end = Math.max(0, ...Object.values(entries).map(({ data_offsets: [, to] }) => to));
  if (data.length !== end) {
    throw fail(`the file is damaged, ${end} bytes of data wanted, ${data.length} found`);
  }
  if (sha256 !== undefined) {
    const same = String(headerBytes({ entries, meta, sha256 })) === String(headed);
    if (!same || checksum({ entries, meta }, [data]) !== sha256) {
      throw fail("the file is damaged, its checksum is that of something else");
    }
  }
  const tensors = Object.fromEntries(
    Object.entries(entries).map(([name, entry]) => [name, storedTensor(name, { entry, data, fail })]),
  );
  try {
    return { tensors, meta: JSON.parse(meta) };
  } catch (error) {
    throw fail(`the header's meta is not JSON, ${(error as Error).message}`);
  }
}

function parseHeader(bytes: Uint8Array, fail: (reason: string) => Error): Header {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw fail(`the header is not JSON, ${(error as Error).message}`);
  }
  const { value, problems: [problem] } = parseWith(headerSchema, json);
  if (!value) throw fail(`the header is wrong: ${problem}`);
  const { __metadata__: { meta = "{}", sha256 } = {}, ...entries } = value;
  return { entries: entries as Record<string, Entry>, meta, sha256 };
}

/** A tensor's numbers, all of them finite. */
function storedTensor(
  name: string,
  { entry: { dtype, shape, data_offsets: [from, to] }, data, fail }: {
    entry: Entry;
    data: Uint8Array<ArrayBuffer>;
    fail: (reason: string) => Error;
  },
): StoredTensor {
  const raw = data.slice(from, to);
  const size = shape.reduce((a, b) => a * b, 1) * (dtype === "BOOL" ? 1 : 4);
  const type = storedTypes.find((type) => dtypes[type] === dtype);
  if (!type || raw.length !== size) {
    throw fail(
      `tensor ${name} must be F32, I32 or BOOL of [${shape}], current value is ${dtype}, ${raw.length} bytes`,
    );
  }
  if (type === "bool") return { type, shape, numbers: raw };
  if (type === "int32") return { type, shape, numbers: new Int32Array(raw.buffer) };
  const numbers = new Float32Array(raw.buffer), odd = numbers.find((value) => !Number.isFinite(value));
  if (odd !== undefined) throw fail(`tensor ${name} must be of finite numbers, one is ${odd}`);
  return { type, shape, numbers };
}
