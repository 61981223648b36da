/**
 * A network's weights as ONNX wants them.
 *
 * @module
 */
import type { StoredTensor } from "../safetensors.ts";

/**
 * The numbers of a weight, by its name without the network's.
 *
 * @throws Error when it is not there, or of another shape or type
 */
export type WeightReader = (name: string, shape: readonly number[]) => Float32Array;

/** @param path where the tensors are from, for errors */
export function weightReader(tensors: Readonly<Record<string, StoredTensor>>, path: string): WeightReader {
  return (name, shape) => {
    const weight = `unet_${name}`, found = tensors[weight];
    if (found?.numbers instanceof Float32Array && found.shape.join() === shape.join()) return found.numbers;
    const current = found ? `${found.type} of shape [${found.shape}]` : "missing";
    throw new Error(
      `Cannot export onnx: weight ${weight} must be float32 of shape [${shape}], current value is ${current} (${path})`,
    );
  };
}

/** A matrix, its rows one after the other. */
export interface Matrix {
  rows: number;
  columns: number;
  values: ArrayLike<number>;
}

/** [column, row] */
export function transposed({ rows, columns, values }: Matrix): Float32Array {
  return Float32Array.from(
    { length: rows * columns },
    (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!,
  );
}

/** The first columns of each row. */
export function firstColumns({ rows, columns, values }: Matrix, count: number): Float32Array {
  return Float32Array.from(
    { length: rows * count },
    (_, i) => values[Math.floor(i / count) * columns + i % count]!,
  );
}

/**
 * A filter of ours, [depth, height, width, a, b], as ONNX has it: [b, a, depth, height, width]. Of convolutions a is the input's
 * channel and b the output's, of transposed ones the other way about, here and there.
 */
export function onnxFilter(
  values: Float32Array,
  [depth, height, width, a, b]: readonly number[],
): Float32Array {
  const voxels = depth! * height! * width!, channels = a! * b!;
  const filter = new Float32Array(voxels * channels);
  for (let voxel = 0; voxel < voxels; voxel++) {
    for (let channel = 0; channel < channels; channel++) {
      const ofA = Math.floor(channel / b!), ofB = channel % b!;
      filter[(ofB * a! + ofA) * voxels + voxel] = values[voxel * channels + channel]!;
    }
  }
  return filter;
}
