/**
 * Several pieces of work that one contestant does in turn in each round, so that they share a process.
 *
 * @module
 */
import type { Measurement, MeasurementsOf } from "../harness/contest.ts";

/**
 * A measurement a piece of work.
 *
 * @param measurement of a contestant whose output are the seconds of its pieces of work; their memory is the process's
 * @param names of the pieces, in that order
 */
export function partsOf<const T extends readonly string[]>(
  { seconds, outputs, ...rest }: Measurement,
  names: T,
): MeasurementsOf<T> {
  return names.map((name, part) => {
    const all = outputs.map((output) => output[part]!);
    return { ...rest, name, seconds: all.slice(-seconds.length), outputs: all.map((value) => [value]) };
  }) as MeasurementsOf<T>;
}
