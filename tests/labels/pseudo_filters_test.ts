import { assertEquals } from "@std/assert";
import { type Candidate, type FilterOptions, judge, type Verdict } from "../../lib/labels/pseudo_filters.ts";
import { pseudoLabelOptions } from "../../lib/workbench/session/complete_labels.ts";

const good: Candidate = { voxels: 100, confidence: 0.9, agreement: 0.9, distance: 1 };
const { filters: usual } = pseudoLabelOptions({});
const off: FilterOptions = { confidence: 0, agreement: 0, volume: 0, outliers: 0 };
/** Median 100, median absolute deviation 10: one robust standard deviation is 14.826. */
const volumes = [80, 90, 100, 110, 120];

const single: [
  name: string,
  candidate: Partial<Candidate>,
  other: Partial<FilterOptions>,
  verdict: Verdict,
][] = [
  ["a good one is kept", {}, {}, ""],
  ["nothing there", { voxels: 0, confidence: NaN, agreement: NaN, distance: NaN }, {}, "empty"],
  ["nothing there, filters off", { voxels: 0, confidence: NaN }, off, "empty"],
  ["unsure", { confidence: 0.69 }, {}, "confidence"],
  ["just sure enough", { confidence: 0.7 }, {}, ""],
  ["unsure, filter off", { confidence: 0.01 }, off, ""],
  ["disagreement", { agreement: 0.59 }, {}, "agreement"],
  ["just agreed", { agreement: 0.6 }, {}, ""],
  ["agreement not measured", { agreement: NaN }, {}, ""],
  ["disagreement, filter off", { agreement: 0 }, off, ""],
  ["too large: 4 · 14.826 above the median", { voxels: 160 }, {}, "volume"],
  ["too small", { voxels: 40 }, {}, "volume"],
  ["just large enough", { voxels: 41 }, {}, ""],
  ["too large for a stricter filter", { voxels: 130 }, { volume: 2 }, "volume"],
  ["huge, filter off", { voxels: 1e6 }, off, ""],
  ["the first filter that objects is named", { confidence: 0, agreement: 0, voxels: 1e6 }, {}, "confidence"],
  ["agreement comes before volume", { agreement: 0, voxels: 1e6 }, {}, "agreement"],
];
for (const [name, candidate, other, verdict] of single) {
  Deno.test(`pseudo-label filter: ${name}`, () => {
    assertEquals(judge([{ ...good, ...candidate }], volumes, { ...usual, ...other }), [verdict]);
  });
}

Deno.test("volumes: no true organ, or no spread among them, judges nothing", () => {
  for (const trueVoxels of [[], [500], [500, 500, 500]]) {
    assertEquals(judge([good], trueVoxels, usual), [""]);
  }
});

Deno.test("outliers: the strangest share of those that passed, rounded down", () => {
  const candidates = [5, 9, 1, 7, NaN, 3].map((distance) => ({ ...good, distance }));
  const dropped = (outliers: number, all = candidates) =>
    judge(all, volumes, { ...usual, outliers }).flatMap((verdict, i) => verdict === "outlier" ? [i] : []);
  assertEquals(dropped(0), []);
  assertEquals(dropped(0.19), [], "of five measured, less than one");
  assertEquals(dropped(0.2), [1]);
  assertEquals(dropped(0.4), [1, 3]);
  assertEquals(dropped(0.4, candidates.with(1, { ...candidates[1]!, confidence: 0 })), [3], "of four");
  assertEquals(dropped(1), [0, 1, 2, 3, 5], "what was not measured stays");
  assertEquals(dropped(0.5, [good, good]), [0], "of equals the first");
});
