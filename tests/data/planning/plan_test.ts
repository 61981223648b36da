import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import type { Dataset } from "../../../lib/data/datasets/dataset.ts";
import { type Fingerprint, takeFingerprint } from "../../../lib/data/planning/fingerprint.ts";
import { planCohort } from "../../../lib/data/planning/plan.ts";
import { planCases } from "../../../lib/data/planning/plan_cases.ts";
import { estimateCost } from "../../../lib/data/planning/plan_estimate.ts";
import { planIntensity } from "../../../lib/data/planning/plan_intensity.ts";
import { planOrgans } from "../../../lib/data/planning/plan_organs.ts";
import { planPatch } from "../../../lib/data/planning/plan_patch.ts";
import { resolveStudy } from "../../../lib/data/cohorts/resolve_study.ts";
import type { Shape, Spacing } from "../../../lib/imaging/volume.ts";
import {
  inTempFolder,
  tinyCases,
  writeDecathlon,
  writeNnunet,
} from "../../support/data/datasets/tiny_dataset.ts";

function dataset(organs: string[], cases = 10, extra: Partial<Dataset> = {}): Dataset {
  return {
    name: "Data set",
    folder: "/data/set",
    modality: "CT",
    labels: new Map(organs.map((organ, index) => [index + 1, organ])),
    cases: tinyCases(cases).map(({ id }) => ({ id, image: "i", label: "l", annotated: organs })),
    ...extra,
  };
}

function fingerprint(extra: Partial<Fingerprint> = {}): Fingerprint {
  return {
    dataset: dataset(["Liver"]),
    shapes: [],
    spacings: [],
    foreground: [],
    lowest: 0,
    notes: [],
    ...extra,
  };
}

Deno.test("organs: spellings merge, sides pair, what nobody annotates is left out", () => {
  const second = dataset(["parotid_right", "LIVER", "Adrenal gland (left)", "Nowhere"]);
  second.cases.forEach((scan) => scan.annotated = scan.annotated.filter((organ) => organ !== "Nowhere"));
  const organs = planOrgans([dataset(["RightParotid", "Liver", "parotid.l"]), second], 2);
  assertEquals(organs.map(({ name, mirror }) => [name, mirror]), [
    ["RightParotid", "parotid.l"],
    ["Liver", undefined],
    ["parotid.l", "RightParotid"],
    ["Adrenal_gland_left", undefined],
  ]);
  assertEquals(planOrgans([dataset(["λ-liver"])], 2), [{
    name: "liver",
    aliases: ["λ-liver"],
    nsdToleranceMm: 2,
  }]);
});

const PATCHES: [shape: Shape, spacing: Spacing, patch: Shape, levels: number][] = [
  [[36, 51, 35], [1, 1, 1], [40, 56, 40], 4],
  [[300, 512, 512], [1, 1, 1], [48, 48, 48], 4],
  [[20, 200, 200], [5, 1, 1], [20, 72, 72], 4],
  [[5, 6, 7], [1, 1, 1], [8, 8, 8], 2],
  [[1, 64, 64], [1, 1, 1], [1, 64, 64], 4],
];

for (const [shape, spacing, patch, levels] of PATCHES) {
  Deno.test(`patch of median shape ${shape} at ${spacing} mm is ${patch}`, () => {
    const plan = planPatch(shape, spacing);
    assertEquals([plan.patch, plan.network.widths.length], [patch, levels]);
    assertEquals(plan.network.strides.length, levels - 1);
    for (const axis of [0, 1, 2] as const) {
      const factor = plan.network.strides.reduce((product, stride) => product * stride[axis], 1);
      assertEquals(plan.patch[axis] % factor, 0);
    }
  });
}

Deno.test("thick slices are not halved until the others have caught up", () => {
  const { strides } = planPatch([20, 200, 200], [5, 1, 1]).network;
  assertEquals(strides, [[1, 2, 2], [1, 2, 2], [2, 2, 2]]);
});

const KERNELS: [about: string, shape: Shape, spacing: Spacing, kernels: number[][] | undefined][] = [
  ["alike on all axes: 3×3×3, which is not written", [60, 60, 60], [1, 1, 1], undefined],
  ["slices less than twice as thick as voxels are long: the same", [60, 60, 60], [1.9, 1, 1], undefined],
  ["thick slices are not convolved along until others are half as long", [20, 200, 200], [5, 1, 1], [
    [1, 3, 3],
    [1, 3, 3],
    [3, 3, 3],
    [3, 3, 3],
  ]],
  ["twice as thick: on the first level", [40, 80, 80], [2, 1, 1], [[1, 3, 3], [3, 3, 3], [3, 3, 3], [
    3,
    3,
    3,
  ]]],
  ["one slice: never along it", [1, 64, 64], [5, 1, 1], [[1, 3, 3], [1, 3, 3], [1, 3, 3], [1, 3, 3]]],
  ["one row: never along it, however thin", [32, 1, 32], [1, 0.1, 1], [[3, 1, 3], [3, 1, 3], [3, 1, 3], [
    3,
    1,
    3,
  ]]],
];
for (const [about, shape, spacing, kernels] of KERNELS) {
  Deno.test(`planned kernels: ${about}`, () => {
    assertEquals(planPatch(shape, spacing).network.kernels, kernels as [number, number, number][]);
  });
}

Deno.test("CT: percentiles, mean and deviation of the clipped foreground, datasets alike", () => {
  const ramp = Array.from({ length: 1001 }, (_, hu) => hu);
  const found = planIntensity([fingerprint({ foreground: ramp })]);
  assertEquals(found, { scheme: "ct", clipHu: [5, 995], mean: 500, std: 289 });
  // Ten times as many samples of the second: still half the weight.
  const high = Array.from({ length: 10010 }, () => 2000);
  const both = planIntensity([fingerprint({ foreground: ramp }), fingerprint({ foreground: high })]);
  assert(both.scheme === "ct" && Math.abs(both.mean - 1250) < 5, JSON.stringify(both));
});

Deno.test("MR by modality; CT by air where the modality is unknown; a mixture is refused", () => {
  const modality = (modality: string) => dataset(["Liver"], 10, { modality });
  assertEquals(planIntensity([fingerprint({ dataset: modality("MRI") })]), { scheme: "mr" });
  const unknown = fingerprint({ dataset: modality("unknown"), foreground: [-900, 0, 50], lowest: -900 });
  assertEquals(planIntensity([unknown]).scheme, "ct");
  assertEquals(planIntensity([{ ...unknown, lowest: 0 }]).scheme, "mr");
  const mixture = [unknown, fingerprint({ dataset: modality("MRI") })];
  assertThrows(() => planIntensity(mixture), Error, "must be all CT or none");
});

Deno.test("cases: own splits are kept, few subjects still fill all parts, too few are refused", () => {
  assertEquals(planCases(dataset(["Liver"], 400), 1).training, { fraction: [0, 0.7] });
  const few = planCases(dataset(["Liver"], 3), 1);
  assertEquals(few.training.fraction![1], few.validation.fraction![0]);
  assertThrows(() => planCases(dataset(["Liver"], 2), 1), Error, "need 3 subjects with labels, it has 2");
  const ids = tinyCases(10).map(({ id }) => id);
  const splits = { train: ids.slice(0, 8), val: ids.slice(8) };
  const own = planCases(dataset(["Liver"], 10, { splits }), 1);
  assertEquals([own.training.split, own.validation, own.test.split], ["train", { split: "val" }, "train"]);
  const three = planCases(dataset(["Liver"], 10, { splits: { ...splits, test: [] } }), 1);
  assertEquals(three.test, { split: "test" });
});

Deno.test("the estimate is the measured step where the network is the measured one", () => {
  const measured = {
    datasets: [{}, {}],
    patch: [64, 64, 64],
    network: { widths: [16, 32, 64, 128], strides: [[2, 2, 2], [2, 2, 2], [2, 2, 2]] },
    training: { batchSize: 2, partialOrganSteps: 100, fullOrganSteps: 200 },
  };
  const estimate = estimateCost(measured as unknown as Parameters<typeof estimateCost>[0]);
  assertAlmostEquals(estimate.passSeconds, 0.67);
  assertAlmostEquals(estimate.memoryMib, 2720);
  assertAlmostEquals(estimate.hours, 300 * 4 * 0.67 / 3600);
  // A third of the time with kernels of a third; the same memory.
  const flat = { ...measured, network: { ...measured.network, kernels: Array(4).fill([1, 3, 3]) } };
  const less = estimateCost(flat as unknown as Parameters<typeof estimateCost>[0]);
  assertAlmostEquals(less.passSeconds, 0.67 / 3);
  assertAlmostEquals(less.memoryMib, 2720);
});

Deno.test("two foreign datasets become a cohort that resolves", () =>
  inTempFolder(async (root) => {
    const spleen = { labels: { background: 0, spleen: 1, LIVER: 2 } };
    await writeDecathlon(join(root, "first"), tinyCases(6), {
      annotated: Object.fromEntries(tinyCases(6).map(({ id }) => [id, ["Liver"]])),
    });
    await writeNnunet(join(root, "second"), tinyCases(6, 11).map((scan) => ({ ...scan, edge: 4 })), spleen);
    const found = await Promise.all(["first", "second"].map((name) => takeFingerprint(join(root, name))));
    const cohort = planCohort(found, { name: "both", dataRoot: root });
    assertEquals(cohort.organs.map(({ name }) => name), ["Liver", "spleen"]);
    assertEquals(cohort.preprocessing.spacingMm, [3, 3, 3]);
    assertEquals(cohort.datasets.map(({ folder, organs }) => [folder, organs]), [
      ["first", ["Liver"]],
      ["second", ["Liver", "spleen"]],
    ]);
    const study = await resolveStudy(cohort, { dataRoot: root });
    assertEquals(study.test.length >= 2, true);
    // Elsewhere than in the data root, folders are absolute and resolve all the same.
    const outside = planCohort(found, { name: "both", dataRoot: "/somewhere", spacingMm: [1, 2, 3] });
    assertEquals(outside.datasets[0]!.folder, join(root, "first"));
    assertEquals(outside.preprocessing.spacingMm, [1, 2, 3]);
    assertEquals(
      (await resolveStudy(outside, { dataRoot: "/somewhere" })).test,
      study.test.map((scan) => ({
        ...scan,
        subject: join(root, scan.subject),
      })),
    );
    await assertRejects(() => takeFingerprint(join(root, "third")), Error, "no such file");
  }));

Deno.test("cases: however few subjects and however they fall, each part has one", () => {
  for (let count = 3; count <= 30; count++) {
    for (let seed = 1; seed <= 30; seed++) {
      const { training, validation, test } = planCases(dataset(["Liver"], count), seed);
      const cuts = [training, validation, test].map(({ fraction }) => fraction!);
      for (const [from, to] of cuts) {
        assert(from < to, `${count} subjects, seed ${seed}: ${JSON.stringify(cuts)}`);
      }
    }
  }
});
