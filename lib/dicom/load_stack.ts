/**
 * A series' voxels.
 *
 * @module
 */
import type { Volume, VoxelArray } from "../imaging/volume.ts";
import { DicomError } from "./dicom_error.ts";
import type { Stack } from "./stack.ts";
import { readFrames } from "./stored_pixels.ts";

/** Ranges of the types that whole numbers are written as, the narrowest first. */
const INTEGERS = [
  { array: Uint8Array, low: 0, high: 255 },
  { array: Int16Array, low: -32768, high: 32767 },
  { array: Uint16Array, low: 0, high: 65535 },
  { array: Int32Array, low: -(2 ** 31), high: 2 ** 31 - 1 },
] as const;

/**
 * Reads the pixels of all slices, stored · slope + intercept, as whole numbers where all of them are, else as float32.
 *
 * @throws DicomError of a file whose pixels cannot be read
 */
export async function loadStack(stack: Stack): Promise<Volume> {
  const { frames, shape, affine } = stack, [, height, width] = shape;
  const values = new Float32Array(frames.length * height * width);
  let whole = true, low = Infinity, high = -Infinity;
  const ofFile = Map.groupBy(frames.map((frame, slice) => ({ frame, slice })), ({ frame }) => frame.path);
  for (const [path, slices] of ofFile) {
    const pixels = await readFrames(path);
    for (const { frame: { index, slope, intercept }, slice } of slices) {
      const stored = pixels[index];
      if (!stored) {
        throw new DicomError(`its pixels must have a frame ${index + 1}, they have ${pixels.length}`, path);
      }
      const start = slice * height * width;
      for (let pixel = 0; pixel < stored.length; pixel++) {
        const value = stored[pixel]! * slope + intercept;
        values[start + pixel] = value;
        // What single precision cannot hold would pass for whole.
        whole &&= Number.isInteger(value) && Math.abs(value) <= 2 ** 24;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
  }
  const type = whole ? INTEGERS.find((type) => low >= type.low && high <= type.high) : undefined;
  const data: VoxelArray = type ? type.array.from(values) : values;
  return { data, shape, affine };
}
