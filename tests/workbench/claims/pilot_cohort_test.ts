import { assertEquals } from "@std/assert";
import { pilotCohort, pilotTests } from "../../../lib/workbench/claims/pilot_cohort.ts";
import { parseCohort } from "../../../lib/data/cohorts/read_cohort.ts";
import { tinyCohort } from "../../support/data/cohorts/tiny_cohort.ts";

// deno-lint-ignore no-explicit-any -- JSON that tests change
const parsed = (change: (json: any) => void = () => {}) => parseCohort(tinyCohort(change), "tiny.json");
const everything = new Set(["Liver", "Spleen"]);

type Rule = Parameters<typeof pilotCohort>[0]["datasets"][number]["validation"];
const HALVES: [what: string, validation: Rule, lower: Rule, upper: Rule][] = [
  ["a fraction", { fraction: [0.5, 1] }, { fraction: [0.5, 0.75] }, { fraction: [0.75, 1] }],
  ["all", {}, { fraction: [0, 0.5] }, { fraction: [0.5, 1] }],
  [
    "a split with a number of scans",
    { split: "validation", count: 6 },
    { split: "validation", fraction: [0, 0.5], count: 3 },
    { split: "validation", fraction: [0.5, 1], count: 3 },
  ],
  ["one scan", { count: 1 }, { fraction: [0, 0.5], count: 1 }, { fraction: [0.5, 1], count: 1 }],
  ["ids", ["a", "b", "c"], ["a", "b"], ["c"]],
];
for (const [what, validation, lower, upper] of HALVES) {
  Deno.test(`a pilot's validation and test: ${what}`, () => {
    const cohort = parsed((json) => json.datasets[0].validation = validation);
    const [one, two] = pilotTests(cohort, everything);
    assertEquals(one, { name: "one", folder: "one", organs: ["Liver"], cases: upper });
    assertEquals(two!.organs, ["Spleen"]);
    const pilot = pilotCohort(cohort, [one!, two!]);
    assertEquals([pilot.name, pilot.datasets[0]!.validation, pilot.test], ["tiny_pilot", lower, [
      one!,
      two!,
    ]]);
    assertEquals(pilot.datasets[0]!.training, cohort.datasets[0]!.training);
  });
}

Deno.test("a dataset with labels that another cohort does not know is not tested; subjects stay together", () => {
  const cohort = parsed((json) => json.datasets[0].subject = { pattern: "^(.+)_x$" });
  assertEquals(pilotTests(cohort, new Set(["Liver"])), [{
    name: "one",
    folder: "one",
    subject: { pattern: "^(.+)_x$" },
    organs: ["Liver"],
    cases: { fraction: [0.75, 1] },
  }]);
});

Deno.test("a phantom's pilot is of other people and the same in all else", () => {
  const cohort = parsed((json) => json.generator = { phantom: { seed: 1, testScans: 4 } });
  const pilot = pilotCohort(cohort, []);
  assertEquals(pilot, {
    ...cohort,
    name: "tiny_pilot",
    generator: { phantom: { seed: 11, testScans: 4 } },
  });
});

Deno.test("a pilot of scribbles is scored on the dense label maps that the card's test set has", () => {
  const cohort = parsed((json) => json.datasets[0].folder = `${json.test[0].folder}/scribblesTr`);
  const [one, two] = pilotTests(cohort, everything);
  assertEquals([one!.folder, two!.folder], [cohort.test[0]!.folder, cohort.datasets[1]!.folder]);
});
