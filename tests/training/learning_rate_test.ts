import { assertAlmostEquals } from "@std/assert";
import { learningRateAt } from "../../lib/training/learning_rate.ts";

const cases: [step: number, options: { steps: number; warmup: number }, share: number][] = [
  [0, { steps: 10, warmup: 4 }, 0.25],
  [3, { steps: 10, warmup: 4 }, 1],
  [4, { steps: 10, warmup: 4 }, 1],
  [7, { steps: 10, warmup: 4 }, 0.5 ** 0.9],
  [9, { steps: 10, warmup: 4 }, (1 / 6) ** 0.9],
  [0, { steps: 10, warmup: 0 }, 1],
  [5, { steps: 10, warmup: 0 }, 0.5 ** 0.9],
  // A warm-up longer than the training just never ends.
  [2, { steps: 3, warmup: 10 }, 0.3],
];

for (const [step, options, share] of cases) {
  Deno.test(`learning rate at step ${step} of ${options.steps}, warm-up ${options.warmup}`, () => {
    assertAlmostEquals(learningRateAt(step, { ...options, peak: 0.02 }), 0.02 * share, 1e-12);
  });
}
