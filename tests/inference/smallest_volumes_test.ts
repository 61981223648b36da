import { assertEquals, assertRejects } from "@std/assert";
import { smallestVolumes } from "../../lib/inference/smallest_volumes.ts";
import type { Spacing } from "../../lib/imaging/volume.ts";
import { inTemporaryFolder } from "../support/data/store/stored_cases.ts";
import { blockCase } from "../support/training/block_case.ts";

const spacingMm: Spacing = [2, 1, 0.5];

Deno.test("an organ's smallest volume is over the cases that label and show it", () =>
  inTemporaryFolder(async (folder) => {
    const cases = [
      await blockCase(folder, "a-1", { shown: [1, 3], sizes: { 1: 3, 2: 1 } }),
      await blockCase(folder, "a-2", { shown: [1, 2], sizes: { 1: 2, 2: 3 } }),
      await blockCase(folder, "a-3", { shown: [1], sizes: { 2: 2 } }),
    ];
    // Organ 1 has 27, 8 and no voxels; organ 2 is labelled where it has 27; organ 3 is nowhere.
    assertEquals(await smallestVolumes(cases, { spacingMm }), new Map([[1, 8], [2, 27]]));
    const signal = AbortSignal.abort(new Error("stop"));
    await assertRejects(() => smallestVolumes(cases, { spacingMm, signal }), Error, "stop");
  }));
