import { assertAlmostEquals, assertThrows } from "@std/assert";
import { growthExponent } from "../../benchmarks/harness/growth_exponent.ts";

Deno.test("the exponent of a power is found, whatever its factor", () => {
  for (const exponent of [-1, 0, 0.5, 1, 2, 3]) {
    const points = [2, 3, 5, 9].map((x) => ({ x, y: 0.07 * x ** exponent }));
    assertAlmostEquals(growthExponent(points), exponent, 1e-12);
  }
});

Deno.test("errors on both sides of a power cancel", () => {
  const points = ([[1, 1], [10, 2], [10, 50], [100, 100]] as const).map(([x, y]) => ({ x, y }));
  assertAlmostEquals(growthExponent(points), 1, 1e-12);
});

Deno.test("one x tells no growth", () => {
  for (const points of [[], [{ x: 4, y: 1 }], [{ x: 4, y: 1 }, { x: 4, y: 2 }]]) {
    assertThrows(() => growthExponent(points), Error, "at least 2 different x");
  }
});
