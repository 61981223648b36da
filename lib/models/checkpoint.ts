/**
 * Tensors and their story in one file: the safetensors format, so that Python reads our weights too.
 *
 *     8 bytes    length of the header, little-endian
 *     header     JSON: {name: {dtype, shape, data_offsets}, __metadata__: {meta: JSON text}}
 *     data       little-endian, in the header's order
 *
 * @module
 */
import type { DataType, Tensor } from "@tensorflow/tfjs-node-gpu";
import { reasonOf } from "../text/error_text.ts";
import { tf } from "../tensors/tf.ts";

export interface Checkpoint {
  tensors: Record<string, Tensor>;
  /** Whatever is JSON. */
  meta: Record<string, unknown>;
}

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

const dtypes: Partial<Record<DataType, string>> = { float32: "F32", int32: "I32", bool: "BOOL" };

/**
 * Writes tensors and meta, bit for bit, to `path` (conventionally *.safetensors): first to a temporary name beside it,
 * then renamed, so a reader never finds half a file. Disposes nothing.
 *
 * @throws when a tensor is not float32, int32 or bool
 */
export async function saveTensors(path: string, { tensors, meta }: Checkpoint): Promise<void> {
  const header: Record<string, unknown> = { __metadata__: { meta: JSON.stringify(meta) } };
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [name, tensor] of Object.entries(tensors)) {
    const dtype = dtypes[tensor.dtype];
    if (!dtype) {
      throw new Error(
        `Cannot save tensor: dtype must be ${
          Object.keys(dtypes).join(", ")
        }, current value is ${tensor.dtype} (${name})`,
      );
    }
    const data = await tensor.data();
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    header[name] = { dtype, shape: tensor.shape, data_offsets: [offset, offset + bytes.length] };
    parts.push(bytes);
    offset += bytes.length;
  }
  const text = JSON.stringify(header);
  // Readers may want the data aligned; the format allows trailing spaces in the header.
  const encoded = new TextEncoder().encode(text);
  const padded = new Uint8Array(Math.ceil(encoded.length / 8) * 8).fill(32);
  padded.set(encoded);
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

/**
 * Reads what {@linkcode saveTensors} wrote. The caller disposes the tensors.
 *
 * @throws when the file is missing, truncated or not of this format
 */
export async function loadTensors(path: string): Promise<Checkpoint> {
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
  let header: Record<string, Entry> & { __metadata__?: { meta?: string } };
  try {
    header = JSON.parse(
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, 8 + headerLength)),
    );
  } catch (error) {
    throw fail(`the header is not JSON, ${(error as Error).message}`);
  }
  const { __metadata__, ...entries } = header;
  const start = 8 + headerLength;
  const wanted = Math.max(0, ...Object.values(entries).map((entry) => entry.data_offsets[1]));
  if (bytes.length - start !== wanted) {
    throw fail(`the file is damaged, ${wanted} bytes of data wanted, ${bytes.length - start} found`);
  }
  const tensors: Record<string, Tensor> = {};
  for (const [name, { dtype, shape, data_offsets: [from, to] }] of Object.entries(entries)) {
    const type = Object.entries(dtypes).find(([, code]) => code === dtype)?.[0] as
      | "float32"
      | "int32"
      | "bool";
    const raw = bytes.slice(start + from, start + to);
    const values = type === "bool"
      ? raw
      : type === "int32"
      ? new Int32Array(raw.buffer)
      : new Float32Array(raw.buffer);
    if (!type || values.length !== shape.reduce((a, b) => a * b, 1)) {
      tf.dispose(tensors);
      throw fail(
        `tensor ${name} must be F32, I32 or BOOL of [${shape}], current value is ${dtype}, ${raw.length} bytes`,
      );
    }
    tensors[name] = tf.tensor(values, shape, type);
  }
  return { tensors, meta: JSON.parse(__metadata__?.meta ?? "{}") };
}
