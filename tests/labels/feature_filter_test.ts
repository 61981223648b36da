/** The feature filter from features to verdicts: METHOD section 1. */
import { assertEquals } from "@std/assert";
import { completion, type CompletionNote } from "../../lib/labels/pseudo_labels.ts";
import { pseudoLabelOptions } from "../../lib/workbench/session/pseudo_label_options.ts";
import type { Parameters } from "../../lib/runs/notebooks/parameters.ts";
import { fakeModel } from "../support/training/fake_model.ts";

/** As true organs look: two channels that vary a little and not together. */
const looks = Array.from({ length: 20 }, (_, i) => [i % 5, 2 * (i % 4)]);
/** Another scanner moves all features alike. */
const moved = looks.map(([one, two]) => [one! + 1000, two! - 500]);

type Features = readonly (readonly number[])[];

/** Which candidates of organ 1 in dataset `a` are dropped, where dataset `b` has true ones, and `c` others. */
function dropped(candidates: Features, [b, c = []]: readonly Features[], parameters: Parameters): number[] {
  const rows = candidates.map((feature, index) => ({
    case: `a-${index}`,
    dataset: "a",
    organ: 1,
    verdict: "" as const,
    objections: [],
    voxels: 100,
    confidence: 0.9,
    agreement: NaN,
    distance: NaN,
    dice: 1,
    feature: [...feature],
  }));
  const survey = Object.entries({ b: b!, c }).flatMap(([dataset, features]) =>
    features.map((feature) => ({ organ: 1, dataset, voxels: 100, feature }))
  );
  const notes: CompletionNote[] = [{ survey, rows: [] }, ...rows.map((row) => ({ survey: [], rows: [row] }))];
  const { settle } = completion([fakeModel("b", [1])], {
    ...pseudoLabelOptions(parameters),
    organCount: 1,
    window: [8, 8, 8],
  });
  return settle(notes).rows.flatMap(({ verdict }, index) => verdict === "feature" ? [index] : []);
}

const all = looks.map((_, index) => index);
const raw = { centreFeatures: false };
const far = looks.with(7, [60, 60]);
/** Between the scanners' features, and as far off as their step. */
const along = moved.with(7, [1100, -550]);
const cases: [
  name: string,
  candidates: Features,
  truth: Features[],
  parameters: Parameters,
  dropped: number[],
][] = [
  ["twenty equally perfect labels lose none", looks, [looks], {}, []],
  ["twenty equal features lose none", Array(20).fill([1, 1]), [Array(20).fill([1, 1])], {}, []],
  ["perfect labels lose none for a strict filter", looks, [looks], { featureFilter: 4 }, []],
  ["the one that is far off is dropped", far, [looks], {}, [7]],
  ["filter off", far, [looks], { featureFilter: 0 }, []],
  ["another scanner is no fault", moved, [looks], {}, []],
  ["the one that is far off on another scanner", moved.with(3, [1060, -440]), [looks], {}, [3]],
  ["another scanner, features as they are", moved, [looks], raw, all],
  ["the one that is far off, features as they are", far, [looks], raw, [7]],
  ["true organs are centred, too", along, [looks, moved], {}, [7]],
  ["four true organs judge nobody", far, [looks.slice(0, 4)], {}, []],
  ["four true organs judge nobody, features as they are", far, [looks.slice(0, 4)], raw, []],
  ["five judge", far, [looks.slice(0, 5)], {}, [7]],
  ["true organs of a dataset that has four are left out", along, [looks, moved.slice(0, 4)], {}, [7]],
  ["four candidates of a dataset have no median", far.slice(4, 8), [looks], {}, []],
  ["four candidates, features as they are", far.slice(4, 8), [looks], raw, [3]],
];
for (const [name, candidates, truth, parameters, indices] of cases) {
  Deno.test(`feature filter: ${name}`, () => assertEquals(dropped(candidates, truth, parameters), indices));
}
