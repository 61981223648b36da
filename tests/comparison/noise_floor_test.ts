import { assertAlmostEquals, assertEquals } from "@std/assert";
import { noiseFloor } from "../../lib/comparison/noise_floor.ts";

/** t of tables: 12.706 with one degree of freedom, 4.303 with two, 2.776 with four. */
const FLOORS: [seeds: number, deviation: number, floor: number][] = [
  [2, 0.01, 12.7062 * 0.01],
  [3, 0.01, 4.30265 * 0.01 * Math.sqrt(2 / 3)],
  [5, 0.02, 2.77645 * 0.02 * Math.sqrt(2 / 5)],
  [3, 0, 0],
];

for (const [seeds, seedDeviation, floor] of FLOORS) {
  Deno.test(`what ${seeds} seeds of deviation ${seedDeviation} cannot tell`, () =>
    assertAlmostEquals(noiseFloor({ seedDeviation }, { seeds }), floor, 1e-6));
}

Deno.test("one seed says nothing of noise", () => {
  assertEquals(noiseFloor({ seedDeviation: NaN }, { seeds: 1 }), NaN);
  assertEquals(noiseFloor({ seedDeviation: NaN }, { seeds: 3 }), NaN);
});
