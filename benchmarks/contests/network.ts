/**
 * A network's weights and a batch in two files that contestants in any language can read.
 *
 * @module
 */
import { join } from "@std/path";

export interface NetworkSettings {
  widths: number[];
  strides: [number, number, number][];
  classes: number;
  learningRate: number;
  /** [batch, depth, height, width] */
  shape: [batch: number, depth: number, height: number, width: number];
  /** Offset into the numbers, and shape, by name. */
  tensors: Record<string, [offset: number, shape: number[]]>;
}

const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

export async function writeNetwork(
  folder: string,
  settings: Omit<NetworkSettings, "tensors">,
  arrays: Record<string, { data: ArrayLike<number>; shape: number[] }>,
): Promise<void> {
  const tensors: NetworkSettings["tensors"] = {};
  let offset = 0;
  for (const [name, { shape }] of Object.entries(arrays)) {
    tensors[name] = [offset, shape];
    offset += size(shape);
  }
  const numbers = new Float32Array(offset);
  for (const [name, { data }] of Object.entries(arrays)) numbers.set(data, tensors[name]![0]);
  await Deno.writeFile(join(folder, "numbers.bin"), new Uint8Array(numbers.buffer));
  await Deno.writeTextFile(join(folder, "network.json"), JSON.stringify({ ...settings, tensors }));
}

export async function readNetwork(folder: string) {
  const settings = JSON.parse(await Deno.readTextFile(join(folder, "network.json"))) as NetworkSettings;
  const numbers = new Float32Array((await Deno.readFile(join(folder, "numbers.bin"))).buffer);
  const tensor = (name: string): [Float32Array, number[]] => {
    const [offset, shape] = settings.tensors[name]!;
    return [numbers.slice(offset, offset + size(shape)), shape];
  };
  return { settings, tensor };
}
