import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { type Dataset, readDataset } from "../../../lib/data/datasets/dataset.ts";
import { type Fingerprint, takeFingerprint } from "../../../lib/data/planning/fingerprint.ts";
import { absenceNotes, planCohort } from "../../../lib/data/planning/plan.ts";
import { planCases } from "../../../lib/data/planning/plan_cases.ts";
import { estimateCost } from "../../../lib/data/planning/plan_estimate.ts";
import { modalityOf, planIntensity } from "../../../lib/data/planning/plan_intensity.ts";
import { planOrgans } from "../../../lib/data/planning/plan_organs.ts";
import { chooseCases } from "../../../lib/data/cohorts/case_rule.ts";
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
    ranges: [],
    present: new Set(["Liver"]),
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
    name: "λ-liver",
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
    const found = await Promise.all(
      ["first", "second"].map(async (name) => takeFingerprint(await readDataset(join(root, name)))),
    );
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

Deno.test("cuts between subjects whose hashes lie close have as many digits as it takes", () => {
  // Of case 34: two of eight hashes differ by less than four digits tell.
  const eight = (start: number) =>
    dataset(["Liver"], 0, {
      cases: Array.from(
        { length: 8 },
        (_, i) => ({
          id: `c${String(start + i).padStart(2, "0")}`,
          image: "i",
          label: "l",
          annotated: ["Liver"],
        }),
      ),
    });
  for (let start = 0; start < 90; start++) {
    const { training, validation, test } = planCases(eight(start), 1);
    const [first, second] = validation.fraction!;
    assert(0 < first && first < second && second < 1, `${first} ${second}`);
    assertEquals([training.fraction![1], test.fraction![0]], [first, second]);
    for (const rule of [training, validation, test]) {
      assert(
        chooseCases(eight(start).cases.map((one) => ({ ...one, subject: one.id })), rule, { seed: 1 })
          .length > 0,
      );
    }
  }
});

const MODALITIES: [modality: string, lowest: number, ct: boolean, guess: boolean][] = [
  ["CT", 0, true, false],
  ["ct_scan", 0, true, false],
  ["CBCT", 0, true, false],
  ["CTA", 0, true, false],
  ["Computed Tomography", 0, true, false],
  ["MRI", -1000, false, false],
  ["T1w", -1000, false, false],
  ["T2_FLAIR", -1000, false, false],
  ["Magnetic resonance", -1000, false, false],
  ["PET/CT", -1000, true, true],
  ["PET/CT", 0, false, true],
  ["unknown", -1000, true, true],
  ["noNorm", -1000, true, true],
  ["projection", 0, false, true],
];
for (const [modality, lowest, ct, guess] of MODALITIES) {
  Deno.test(`a channel called ${modality}, least intensity ${lowest}: ${ct ? "CT" : "no CT"}${guess ? ", a guess" : ""}`, () => {
    const found = modalityOf(fingerprint({ dataset: dataset(["Liver"], 1, { modality }), lowest }));
    assertEquals([found.ct, found.guess !== undefined], [ct, guess]);
  });
}

Deno.test("an intensity scheme that leaves scans constant is refused", () => {
  const ranges = [{ image: "a.nii", low: 0, high: 1 }];
  const binary = fingerprint({ foreground: [1, 1, 1], ranges });
  assertThrows(
    () => planIntensity([binary]),
    Error,
    "clipped to 1…2 HU, the range of the organs' intensities, 1 scans would be constant",
  );
  const flat = fingerprint({
    dataset: dataset(["Liver"], 1, { modality: "MR" }),
    ranges: [{ image: "b.nii", low: 3, high: 3 }],
  });
  assertThrows(() => planIntensity([flat]), Error, "1 scans are constant; the first has 3 to 3 (b.nii)");
});

Deno.test("label maps without anything are refused, organs that never occur are told", () => {
  const nothing = fingerprint({ present: new Set() });
  assertThrows(
    () => planCohort([nothing], { name: "x", dataRoot: "/data" }),
    Error,
    "none has a voxel of Liver (/data/set)",
  );
  const some = fingerprint({ dataset: dataset(["Liver", "Spleen"], 4) });
  assertEquals(absenceNotes([some]), [
    "Spleen is annotated in 4 cases of Data set and has no voxel in any of them",
  ]);
});
