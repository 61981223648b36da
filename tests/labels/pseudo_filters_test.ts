import { assertEquals } from "@std/assert";
import {
  type Candidate,
  type FilterOptions,
  type Objection,
  objectionsTo,
} from "../../lib/labels/pseudo_filters.ts";
import { pseudoLabelOptions } from "../../lib/workbench/session/pseudo_label_options.ts";

const good: Candidate = { voxels: 100, confidence: 0.9, agreement: 0.9, distance: 1 };
const { filters: usual } = pseudoLabelOptions({});
const off: FilterOptions = { confidence: 0, agreement: 0, volume: 0, feature: 0 };
/** Median 100, median absolute deviation 10: one robust standard deviation is 14.826. */
const voxels = [80, 90, 100, 110, 120];
/** Median 3, median absolute deviation 1: eight robust standard deviations above it are 14.86. */
const distances = [1, 2, 3, 4, 5];

const single: [
  name: string,
  candidate: Partial<Candidate>,
  other: Partial<FilterOptions>,
  objections: Objection[],
][] = [
  ["a good one is kept", {}, {}, []],
  ["nothing there", { voxels: 0, confidence: NaN, agreement: NaN, distance: NaN }, {}, ["empty"]],
  ["nothing there, filters off", { voxels: 0, confidence: NaN }, off, ["empty"]],
  ["unsure", { confidence: 0.69 }, {}, ["confidence"]],
  ["just sure enough", { confidence: 0.7 }, {}, []],
  ["unsure, filter off", { confidence: 0.01 }, off, []],
  ["disagreement", { agreement: 0.59 }, {}, ["agreement"]],
  ["just agreed", { agreement: 0.6 }, {}, []],
  ["agreement not measured", { agreement: NaN }, {}, []],
  ["disagreement, filter off", { agreement: 0 }, off, []],
  ["too large: 4 · 14.826 above the median", { voxels: 160 }, {}, ["volume"]],
  ["too small", { voxels: 40 }, {}, ["volume"]],
  ["just large enough", { voxels: 41 }, {}, []],
  ["too large for a stricter filter", { voxels: 130 }, { volume: 2 }, ["volume"]],
  ["huge, filter off", { voxels: 1e6 }, off, []],
  [
    "all that object are named in their order",
    { confidence: 0, agreement: 0, voxels: 1e6, distance: 1e6 },
    {},
    ["confidence", "agreement", "volume", "feature"],
  ],
  ["one that is off does not object", { agreement: 0, voxels: 1e6 }, { agreement: 0 }, ["volume"]],
  ["strange: 8 · 1.4826 above the median distance", { distance: 14.9 }, {}, ["feature"]],
  ["just near enough", { distance: 14.8 }, {}, []],
  ["nearer than any true organ", { distance: 0 }, {}, []],
  ["too strange for a stricter filter", { distance: 9 }, { feature: 4 }, ["feature"]],
  ["distance not measured", { distance: NaN }, {}, []],
  ["strange, filter off", { distance: 1e6 }, off, []],
  ["what is empty is asked nothing else", { voxels: 0, confidence: 0, distance: 1e6 }, {}, ["empty"]],
];
for (const [name, candidate, other, objections] of single) {
  Deno.test(`pseudo-label filter: ${name}`, () => {
    assertEquals(
      objectionsTo({ ...good, ...candidate }, { voxels, distances }, { ...usual, ...other }),
      objections,
    );
  });
}

Deno.test("volumes: no true organ, or no spread among them, judges nothing", () => {
  for (const trueVoxels of [[], [500], [500, 500, 500]]) {
    assertEquals(objectionsTo(good, { voxels: trueVoxels, distances }, usual), []);
  }
});

Deno.test("features: no distance of true organs, no spread, or what is no number, judges nothing", () => {
  for (const trueDistances of [[], [2], [2, 2, 2, 2, 2], [1, 2, NaN, 4, 5]]) {
    assertEquals(objectionsTo({ ...good, distance: 1e6 }, { voxels, distances: trueDistances }, usual), []);
  }
});
