import { assert, assertAlmostEquals, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { createRandom } from "../../../lib/data/random.ts";
import { checkDropout, drawMask } from "../../../lib/models/passes/channel_dropout.ts";

const draw = (share: number, seed: number, shape: [batch: number, channels: number] = [2, 5000]) =>
  drawMask({ share, random: createRandom("mask", seed) }, shape);

Deno.test("a mask is 0 or 1 / (1 - share), as often as the share says, so that its mean is 1", () => {
  for (const share of [0.2, 0.5, 0.75]) {
    const mask = draw(share, 1);
    assertEquals(mask.length, 10000);
    assertEquals(new Set(mask), new Set([0, Math.fround(1 / (1 - share))]));
    // Five standard deviations of a mean of so many.
    const bound = 5 * Math.sqrt(share / (1 - share) / mask.length);
    assertAlmostEquals(mask.reduce((a, b) => a + b) / mask.length, 1, bound);
  }
  assertEquals(new Set(draw(0, 1)), new Set([1]));
});

Deno.test("equal generators draw equal masks; each sample, and each draw from one generator, has its own", () => {
  const mask = draw(0.5, 1);
  assertEquals(draw(0.5, 1), mask);
  assertNotEquals(draw(0.5, 2), mask);
  assertNotEquals(mask.slice(0, 5000), mask.slice(5000));
  const random = createRandom("mask", 1), next = () => drawMask({ share: 0.5, random }, [1, 50]);
  assertNotEquals(next(), next());
});

Deno.test("the share that is dropped is in [0, 1)", () => {
  const random = createRandom("mask", 1);
  checkDropout({ share: 0, random });
  checkDropout({ share: 0.99, random });
  for (const share of [1, -0.1, 2, NaN]) {
    assertThrows(
      () => checkDropout({ share, random }),
      Error,
      `Cannot drop channels: share must be 0 or more and below 1, current value is ${share}`,
    );
  }
  assert(draw(0.99, 1).some((value) => value === 0));
});
