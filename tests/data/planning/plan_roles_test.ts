import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { Dataset } from "../../../lib/data/datasets/dataset.ts";
import { divideRoles, type RolesOptions, showing } from "../../../lib/data/planning/plan_roles.ts";

function dataset(name: string, organs: string[]): Dataset {
  return {
    name,
    folder: `/data/${name}`,
    modality: "CT",
    labels: new Map(organs.map((organ, index) => [index + 1, organ])),
    cases: ["a", "b"].map((id) => ({ id, image: "i", label: "l", annotated: organs })),
  };
}

const liver = dataset("liver", ["Liver"]),
  spleen = dataset("spleen", ["spleen"]),
  // Another spelling of both.
  full = dataset("full", ["LIVER", "Spleen"]);

const table: {
  of: string;
  datasets: Dataset[];
  options?: RolesOptions;
  training: string[];
  tests: string[];
  note?: string;
}[] = [
  {
    of: "nobody labels everything",
    datasets: [liver, spleen],
    training: ["liver", "spleen"],
    tests: [],
  },
  {
    of: "one labels everything",
    datasets: [liver, full, spleen],
    training: ["liver", "spleen"],
    tests: ["full"],
    note: "full labels every organ: it is only tested; --train-all learns from it, too",
  },
  {
    of: "one labels everything, and is asked for",
    datasets: [liver, full, spleen],
    options: { trainAll: true },
    training: ["liver", "full", "spleen"],
    tests: [],
    note: "full labels every organ, and is learnt from, as asked",
  },
  {
    of: "all label everything",
    datasets: [full, dataset("second", ["liver", "spleen"])],
    training: ["full", "second"],
    tests: [],
    note: "every dataset labels every organ: nothing is partial here",
  },
  {
    of: "one alone",
    datasets: [liver],
    training: ["liver"],
    tests: [],
    note: "liver is alone",
  },
  {
    of: "one is left to learn from",
    datasets: [liver, full],
    training: ["liver"],
    tests: ["full"],
    note: "liver is alone",
  },
  {
    of: "one that labels everything shows a part",
    datasets: [liver, showing(full, ["spleen"])],
    training: ["liver", "full"],
    tests: [],
  },
];

for (const { of, datasets, options, training, tests, note } of table) {
  Deno.test(`roles of a plan: ${of}`, () => {
    const roles = divideRoles(datasets, options);
    assertEquals(roles.training.map(({ name }) => name), training);
    assertEquals(roles.tests.map(({ name }) => name), tests);
    if (note) assertStringIncludes(roles.notes.join("\n"), note);
    else assertEquals(roles.notes, []);
  });
}

Deno.test("an organ that is to be shown must be one of the dataset's", () => {
  assertEquals(showing(full, ["LIVER"]).cases.map(({ annotated }) => annotated), [["LIVER"], ["LIVER"]]);
  assertThrows(
    () => showing(full, ["liver", "Kidney"]),
    Error,
    "Cannot plan dataset full: --show must name some of its organs (LIVER, Spleen), it names Kidney (/data/full)",
  );
});
