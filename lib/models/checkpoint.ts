/**
 * Tensors of TensorFlow and their story in one file, as safetensors.ts has it.
 *
 * @module
 */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../tensors/tf.ts";
import {
  readSafetensors,
  type StoredTensor,
  type StoredType,
  storedTypes,
  writeSafetensors,
} from "./safetensors.ts";

export interface Checkpoint {
  tensors: Record<string, Tensor>;
  /** Whatever is JSON. */
  meta: Record<string, unknown>;
}

/**
 * Writes tensors and meta, whole or not at all. Disposes nothing.
 *
 * @throws when a tensor is not float32, int32 or bool
 */
export async function saveTensors(path: string, { tensors, meta }: Checkpoint): Promise<void> {
  const stored: Record<string, StoredTensor> = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    const type = tensor.dtype as StoredType;
    if (!storedTypes.includes(type)) {
      throw new Error(
        `Cannot save tensor: dtype must be ${
          storedTypes.join(", ")
        }, current value is ${tensor.dtype} (${name})`,
      );
    }
    stored[name] = {
      type,
      shape: tensor.shape,
      numbers: await tensor.data() as StoredTensor["numbers"],
    };
  }
  await writeSafetensors(path, { tensors: stored, meta });
}

/**
 * Reads what {@linkcode saveTensors} wrote. The caller disposes the tensors.
 *
 * @throws when the file is missing, truncated, not of this format or not what was written, or has a number that is not finite
 */
export async function loadTensors(path: string): Promise<Checkpoint> {
  const { tensors, meta } = await readSafetensors(path);
  const loaded = Object.entries(tensors).map(([name, { type, shape, numbers }]) =>
    [name, tf.tensor(numbers, shape, type)] as const
  );
  return { tensors: Object.fromEntries(loaded), meta };
}
