/**
 * Seeded random numbers. Nothing in the library draws from a global generator: a generator is made from the
 * names of what it is for (seed, stream, step, …) and handed on.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

export type { RandomGenerator };

/**
 * A generator for one purpose. Equal keys give equal numbers; keys that differ anywhere give unrelated ones,
 * because the state is a digest (SHA-256) of all keys: neighbouring seeds or steps are no more alike than any.
 */
export function createRandom(...keys: (string | number)[]): RandomGenerator {
  const digest = createHash("sha256").update(JSON.stringify(keys)).digest();
  return xoroshiro128plusFromState([0, 4, 8, 12].map((offset) => digest.readInt32LE(offset)));
}

/** Uniform in [low, high). */
export function uniform(random: RandomGenerator, [low, high]: readonly [number, number]): number {
  return low + (high - low) * uniformFloat64(random);
}

/** Uniform integer in [low, high], both included. */
export function integer(random: RandomGenerator, [low, high]: readonly [number, number]): number {
  return uniformInt(random, low, high);
}

/** True with the given probability. */
export function chance(random: RandomGenerator, probability: number): boolean {
  return uniformFloat64(random) < probability;
}

/** The numbers 0 … count - 1 in random order (Fisher-Yates). */
export function permutation(random: RandomGenerator, count: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = uniformInt(random, 0, last);
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}

/** Adds normally distributed noise in place. Box-Muller: each pair of uniforms gives two independent normals. */
export function addNormalNoise(
  values: Float32Array,
  { random, std }: { random: RandomGenerator; std: number },
) {
  for (let index = 0; index < values.length; index += 2) {
    // (next() >>> 0) + 0.5 lies in (0, 2³²): its logarithm is finite.
    const radius = std * Math.sqrt(-2 * Math.log(((random.next() >>> 0) + 0.5) / 4294967296));
    const angle = random.next() * (Math.PI / 2147483648);
    values[index]! += radius * Math.cos(angle);
    if (index + 1 < values.length) values[index + 1]! += radius * Math.sin(angle);
  }
}
