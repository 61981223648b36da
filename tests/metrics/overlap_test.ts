import { assertEquals } from "@std/assert";
import { dice } from "../../lib/metrics/overlap.ts";

Deno.test("Dice computed by hand", () => {
  const table: [prediction: number[], truth: number[], dice: number][] = [
    [[1, 1, 0, 0], [1, 1, 0, 0], 1],
    [[1, 1, 0, 0], [0, 0, 1, 1], 0],
    [[1, 1, 0, 0], [0, 1, 1, 0], 0.5],
    [[1, 1, 1, 0], [0, 0, 1, 0], 0.5],
    [[1, 1, 1, 1], [1, 1, 1, 0], 6 / 7],
    [[0, 0, 0, 0], [1, 0, 0, 0], 0],
    [[1, 0, 0, 0], [0, 0, 0, 0], 0],
    [[0, 0, 0, 0], [0, 0, 0, 0], NaN],
  ];
  for (const [prediction, truth, expected] of table) {
    assertEquals(dice({ prediction: Uint8Array.from(prediction), truth: Uint8Array.from(truth) }), expected);
  }
});
