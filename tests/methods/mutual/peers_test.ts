import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { samplePeers } from "../../../lib/methods/mutual/peers.ts";

/** Datasets that each model visits. */
function visitsOf(visitors: number[][]): number[][] {
  return visitors.map((_, model) =>
    visitors.flatMap((models, dataset) => models.filter((m) => m === model).map(() => dataset))
  );
}

const teams = [[4, 1, 1], [4, 2, 2], [4, 3, 3], [4, 9, 3], [2, 1, 1], [1, 0, 0]] as const;
for (const [models, peersPerStep, expected] of teams) {
  Deno.test(`${models} models with ${peersPerStep} peers a step: each visits ${expected} others once`, () => {
    for (let step = 0; step < 20; step++) {
      visitsOf(samplePeers({ models, peersPerStep, seed: 1, step })).forEach((visits, model) => {
        assertEquals(visits.length, expected);
        assertEquals(new Set(visits).size, expected, "a dataset is visited twice");
        assert(!visits.includes(model), "a model visits its own dataset");
      });
    }
  });
}

Deno.test("every peer is visited equally often", () => {
  const steps = 3000;
  const counts = Array.from({ length: 4 }, () => [0, 0, 0, 0]);
  for (let step = 0; step < steps; step++) {
    visitsOf(samplePeers({ models: 4, peersPerStep: 2, seed: 7, step }))
      .forEach((visits, model) => visits.forEach((dataset) => counts[model]![dataset]!++));
  }
  // Each with probability 2/3: standard deviation 26. Five of them.
  counts.forEach((row, model) =>
    row.forEach((count, dataset) =>
      assert(
        model === dataset ? count === 0 : Math.abs(count - 2000) < 130,
        `${model} → ${dataset}: ${count}`,
      )
    )
  );
});

Deno.test("peers depend on seed and step only", () => {
  const draw = (seed: number) =>
    Array.from({ length: 10 }, (_, step) => samplePeers({ models: 5, peersPerStep: 2, seed, step }));
  assertEquals(draw(1), draw(1));
  assertNotEquals(draw(1), draw(2));
  assertNotEquals(draw(1)[0], draw(1)[1]);
});
