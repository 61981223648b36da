import { assertEquals } from "@std/assert";
import { rehearsalSeconds, updatesWithin } from "../../../benchmarks/beside_nnunet/budget.ts";
import { planChanges } from "../../../benchmarks/beside_nnunet/our_plan.ts";
import { besideStudy } from "../../support/benchmarks/beside_study.ts";

Deno.test("a rehearsal takes a twenty-fifth of the budget, and half a minute at most", () => {
  assertEquals([60, 300, 750, 2400].map(rehearsalSeconds), [2.4, 12, 30, 30]);
});

Deno.test("updates fill what preparation and the scans leave, by the later half of the rehearsal", () => {
  // (100 - 20 - 5 × 2) / 0.5, however long the first updates took.
  const given = { updateSeconds: [7, 3, 0.4, 0.6], scanSeconds: 2, elapsed: 20, scans: 5 };
  assertEquals(updatesWithin(100, given), 140);
  assertEquals(updatesWithin(100.49, given), 140);
  assertEquals(updatesWithin(100.5, given), 141);
  // Of an odd number the later half is the larger.
  assertEquals(updatesWithin(100, { ...given, updateSeconds: [9, 0.5, 0.5] }), 140);
});

Deno.test("one update is made where none fits", () => {
  assertEquals(updatesWithin(10, { updateSeconds: [1, 1], scanSeconds: 1, elapsed: 20, scans: 5 }), 1);
});

Deno.test("nnU-Net's plan takes our network, patch, spacing, and a batch of all datasets", () => {
  const study = besideStudy();
  const [dataset] = study.datasets;
  assertEquals(planChanges({ ...study, datasets: [dataset!, dataset!] }), {
    plan: { transpose_forward: [0, 1, 2], transpose_backward: [0, 1, 2] },
    configuration: { spacing: [3, 1, 2], patch_size: [8, 16, 24], batch_size: 6 },
    architecture: {
      n_stages: 3,
      features_per_stage: [4, 8, 12],
      kernel_sizes: [[3, 3, 3], [3, 3, 3], [3, 3, 3]],
      strides: [[1, 1, 1], [1, 2, 2], [2, 2, 2]],
      n_conv_per_stage: [2, 2, 2],
      n_conv_per_stage_decoder: [2, 2],
    },
  });
});
