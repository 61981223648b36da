/**
 * Kernels in bfloat16, a type that tfjs does not have: float32 with the last 16 bits of the mantissa cut off.
 *
 * TensorFlow's binding takes tensors of any type by their numbers, so a chain of kernels may well be in bfloat16
 * as long as what enters and leaves it is a type of tfjs. To keep bfloat16 between a forward and a backward pass (half
 * the memory, and no second conversion), two neighbouring values are taken together as the 32 bits of one float32:
 * such a *packed* tensor can be kept, saved on a tape and disposed like any other, but its numbers mean nothing.
 *
 * @module
 */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { tf } from "./tf.ts";

/** TensorFlow's numbers of types. */
const FLOAT = 1, BFLOAT16 = 14;

interface RawTensor {
  id: number;
  shape: number[];
  dtype: number;
}

type Attribute = { name: string; type: number; value: unknown };

/** The part of tfjs-node's backend used here. */
interface NodeBackend {
  binding: Record<string, number> & {
    executeOp(name: string, attributes: Attribute[], inputs: number[], outputs: number): RawTensor[];
    deleteTensor(id: number): void;
  };
  getInputTensorIds(tensors: Tensor[]): number[];
  createOutputTensor(raw: RawTensor): Tensor;
}

/** A kernel's input: packed bfloat16 values, or a tensor of another type that goes in as it is. */
export type BfloatInput = { packed: Tensor } | { plain: Tensor };

/** Runs a chain of raw kernels; everything but what is returned is freed. */
function chain(work: (run: Runner) => RawTensor): Tensor {
  const backend = tf.backend() as unknown as NodeBackend;
  const { binding } = backend;
  const made: number[] = [];
  const run: Runner = {
    idOf: (tensor) => backend.getInputTensorIds([tensor])[0],
    type: (name, value) => ({ name, type: binding.TF_ATTR_TYPE, value }),
    ints: (name, value) => ({ name, type: binding.TF_ATTR_INT, value }),
    text: (name, value) => ({ name, type: binding.TF_ATTR_STRING, value }),
    flag: (name, value) => ({ name, type: binding.TF_ATTR_BOOL, value }),
    kernel(name, attributes, inputs) {
      const [output] = binding.executeOp(name, attributes, inputs, 1);
      made.push(output.id);
      return output;
    },
  };
  const result = work(run);
  for (const id of made) if (id !== result.id) binding.deleteTensor(id);
  return backend.createOutputTensor(result);
}

interface Runner {
  idOf(tensor: Tensor): number;
  type(name: string, value: number): Attribute;
  ints(name: string, value: number[]): Attribute;
  text(name: string, value: string): Attribute;
  flag(name: string, value: boolean): Attribute;
  kernel(name: string, attributes: Attribute[], inputs: number[]): RawTensor;
}

function cast(run: Runner, id: number, [from, to]: [number, number]): RawTensor {
  return run.kernel("Cast", [run.type("SrcT", from), run.type("DstT", to), run.flag("Truncate", false)], [
    id,
  ]);
}

function reshape(run: Runner, id: number, { shape, type }: { shape: number[]; type: number }): RawTensor {
  const wanted = tf.tensor1d(shape, "int32");
  const attributes = [run.type("T", type), run.type("Tshape", 3)];
  const reshaped = run.kernel("Reshape", attributes, [id, run.idOf(wanted)]);
  wanted.dispose();
  return reshaped;
}

/**
 * Whether convolutions in bfloat16 are faster here than in float32: the processor multiplies pairs of such numbers
 * (AVX-512 BF16 or AMX), or TensorFlow has a GPU.
 */
export function hasBfloat16(): boolean {
  if ((tf.backend() as unknown as { isUsingGpuDevice: boolean }).isUsingGpuDevice) return true;
  try {
    // Deno itself may read /proc with all permissions only.
    const { stdout } = new Deno.Command("cat", { args: ["/proc/cpuinfo"] }).outputSync();
    return /\b(avx512_bf16|amx_bf16)\b/.test(new TextDecoder().decode(stdout));
  } catch {
    return false;
  }
}

/**
 * Rounds to bfloat16 and packs.
 *
 * @param x float32, [..., channel] with an even number of channels
 * @returns [..., channel / 2]
 */
export function packBfloat16(x: Tensor): Tensor {
  const channels = x.shape[x.rank - 1];
  return chain((run) => {
    const rounded = cast(run, run.idOf(x), [FLOAT, BFLOAT16]);
    const shape = [...x.shape.slice(0, -1), channels / 2, 2];
    const pairs = reshape(run, rounded.id, { shape, type: BFLOAT16 });
    return run.kernel("Bitcast", [run.type("T", BFLOAT16), run.type("type", FLOAT)], [pairs.id]);
  });
}

export interface BfloatKernelOptions {
  /** Convolutions' strides, [1, depth, height, width, 1]. */
  strides: number[];
  padding: "SAME" | "VALID";
}

/**
 * Runs a convolution kernel on bfloat16 values.
 *
 * @param name Conv3D, Conv3DBackpropInputV2 or Conv3DBackpropFilterV2
 * @returns float32
 */
export function bfloat16Convolution(
  name: string,
  inputs: readonly BfloatInput[],
  { strides, padding }: BfloatKernelOptions,
): Tensor {
  return chain((run) => {
    const ids = inputs.map((input) => {
      if ("plain" in input) return run.idOf(input.plain);
      const { packed } = input;
      const attributes = [run.type("T", FLOAT), run.type("type", BFLOAT16)];
      const pairs = run.kernel("Bitcast", attributes, [run.idOf(packed)]);
      const shape = [...packed.shape.slice(0, -1), packed.shape[packed.rank - 1] * 2];
      return reshape(run, pairs.id, { shape, type: BFLOAT16 }).id;
    });
    const result = run.kernel(name, [
      run.type("T", BFLOAT16),
      ...name === "Conv3DBackpropInputV2" ? [run.type("Tshape", 3)] : [],
      run.ints("strides", strides),
      run.text("padding", padding),
      run.text("data_format", "NDHWC"),
      run.ints("dilations", [1, 1, 1, 1, 1]),
    ], ids);
    return cast(run, result.id, [BFLOAT16, FLOAT]);
  });
}
