import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { readExtended as readLayers } from "../../../lib/data/cohorts/extend_cohort.ts";
import { readCohort } from "../../../lib/data/cohorts/read_cohort.ts";
import { InvalidFileError } from "../../../lib/data/json_file.ts";
import type { IntensityScheme } from "../../../lib/data/cohorts/cohort.ts";
import { tinyCohort } from "../../support/data/cohorts/tiny_cohort.ts";
import { withFolder } from "../../support/runs/with_folder.ts";

const base = {
  name: "all",
  description: "Everything",
  datasets: [
    { name: "A", organs: ["Liver", "Spleen"], training: { split: "train", count: 9 } },
    { name: "B", organs: ["Aorta"], training: ["b_1"] },
  ],
  training: { steps: 10, rate: 0.1 },
  patch: [8, 8, 8],
};

/** The JSON alone. */
const readExtended = async (path: string) => (await readLayers(path)).json;

/** Writes files, some of them in a folder, and reads the last one. */
async function reads<R>(files: Record<string, unknown>, read: (path: string) => Promise<R>): Promise<R> {
  const found: R[] = [];
  await withFolder(async (folder) => {
    await Deno.mkdir(join(folder, "some"));
    for (const [name, json] of Object.entries(files)) {
      await Deno.writeTextFile(join(folder, name), JSON.stringify(json));
    }
    found.push(await read(join(folder, Object.keys(files).at(-1)!)));
  });
  return found[0]!;
}

Deno.test("what extends a cohort changes keys, entries of named lists, and nothing else", async () => {
  const changes = {
    extends: "../base.json",
    name: "few",
    datasets: { A: { organs: ["Liver"], training: { count: 3 } } },
    training: { rate: null },
    patch: [4, 4],
  };
  assertEquals(await reads({ "base.json": base, "some/few.json": changes }, readExtended), {
    name: "few",
    description: "Everything",
    datasets: [
      { name: "A", organs: ["Liver"], training: { split: "train", count: 3 } },
      { name: "B", organs: ["Aorta"], training: ["b_1"] },
    ],
    training: { steps: 10 },
    patch: [4, 4],
  });
});

Deno.test("a list replaces a list, an entry that is null is taken away, an object replaces a number", async () => {
  const changed = async (changes: Record<string, unknown>) =>
    await reads(
      { "base.json": base, "few.json": { extends: "base.json", name: "few", ...changes } },
      readExtended,
    ) as typeof base;
  assertEquals((await changed({ datasets: [] })).datasets, []);
  assertEquals((await changed({ datasets: { A: null } })).datasets.map(({ name }) => name), ["B"]);
  assertEquals((await changed({ training: { rate: { from: 1 } } })).training.rate as unknown, { from: 1 });
  assertEquals((await changed({ datasets: { B: { training: ["b_2"] } } })).datasets[1]!.training, ["b_2"]);
  assertEquals((await changed({ datasets: { A: { training: ["a_1"] } } })).datasets[0]!.training, ["a_1"]);
});

Deno.test("what is extended may extend in turn; a file without extends is what it is", async () => {
  const chain = {
    "base.json": base,
    "some/one.json": { extends: "../base.json", name: "one", training: { steps: 5 } },
    "two.json": { extends: "some/one.json", name: "two", training: { rate: 1 } },
  };
  const { name, training } = await reads(chain, readExtended) as typeof base;
  assertEquals([name, training], ["two", { steps: 5, rate: 1 }]);
  assertEquals(await reads({ "base.json": base }, readExtended), base);
});

const FAULTS: [fault: string, files: Record<string, unknown>][] = [
  ["name: is missing", { "base.json": base, "a.json": { extends: "base.json" } }],
  ['name: must be its own, is "all", as that of', {
    "base.json": base,
    "a.json": { extends: "base.json", name: "all" },
  }],
  ['name: must be its own, is "all", as that of', {
    "base.json": base,
    "b.json": { extends: "base.json", name: "b" },
    "a.json": { extends: "b.json", name: "all" },
  }],
  ["extends: must be a path, is 3", { "a.json": { extends: 3, name: "a" } }],
  ["a.json extends: 1 problem", { "a.json": { extends: "base.json", name: "a" } }],
  ["must be an object, is a list", {
    "base.json": ["all"],
    "a.json": { extends: "base.json", name: "a" },
  }],
  ["no such file", { "a.json": { extends: "base.json", name: "a" } }],
  ["leads back to this one", { "a.json": { extends: "a.json", name: "a" } }],
  ["leads back to this one", {
    "b.json": { extends: "a.json", name: "b" },
    "a.json": { extends: "b.json", name: "a" },
  }],
  ['datasets.B.training: must be a list, since a list is replaced as a whole, is {"count":1}', {
    "base.json": base,
    "a.json": { extends: "base.json", name: "a", datasets: { B: { training: { count: 1 } } } },
  }],
  ['patch: must be a list, since a list is replaced as a whole, is {"depth":8}', {
    "base.json": base,
    "a.json": { extends: "base.json", name: "a", patch: { depth: 8 } },
  }],
  ['datasets.C: must be one of A, B, current value is "C"', {
    "base.json": base,
    "a.json": { extends: "base.json", name: "a", datasets: { C: { organs: [] } } },
  }],
];

for (const [fault, files] of FAULTS) {
  Deno.test(`what extends a cohort is refused: ${fault} (${Object.keys(files).length} files)`, async () => {
    const { message } = await assertRejects(() => reads(files, readExtended), InvalidFileError);
    assert(message.includes(fault), message);
  });
}

Deno.test("a cohort that extends another one is checked as a whole", async () => {
  const read = (changes: Record<string, unknown>) =>
    reads(
      { "base.json": tinyCohort(), "few.json": { extends: "base.json", name: "few", ...changes } },
      readCohort,
    );
  assertEquals(
    await read({}),
    await reads({ "few.json": tinyCohort((json) => json.name = "few") }, readCohort),
  );
  const { message } = await assertRejects(() => read({ patchh: [8, 8, 8] }), InvalidFileError);
  assert(
    message.includes("patchh: unknown key: did you mean patch?") && message.includes("few.json"),
    message,
  );
});

const CT = {
  scheme: "ct",
  clipHu: [-100, 200] as [number, number],
  mean: 50,
  std: 60,
} satisfies IntensityScheme;

Deno.test("another scheme of intensities replaces the one that was there, the same one changes key by key", async () => {
  const read = async (from: IntensityScheme, intensity: Record<string, unknown>) => {
    const base = tinyCohort((json) => json.preprocessing.intensity = from);
    const few = { extends: "base.json", name: "few", preprocessing: { intensity } };
    return (await reads({ "base.json": base, "few.json": few }, readCohort)).preprocessing.intensity;
  };
  assertEquals(await read(CT, { scheme: "mr" }), { scheme: "mr" });
  assertEquals(await read({ scheme: "mr" }, CT), CT);
  assertEquals(await read(CT, { mean: 40 }), { ...CT, mean: 40 });
  assertEquals(await read(CT, { scheme: "ct", mean: 40 }), { ...CT, mean: 40 });
  const { problems } = await assertRejects(
    () => read({ scheme: "mr" }, { ...CT, std: undefined }),
    InvalidFileError,
  );
  assertEquals(problems.map((problem: string) => problem.replaceAll(/\S*\//g, "")), [
    "preprocessing.intensity.std: is missing (neither here nor in base.json, which it extends)",
  ]);
});

Deno.test("faults are told of the file that their key stands in", async () => {
  // deno-lint-ignore no-explicit-any -- broken on purpose
  const one = tinyCohort((json: any) => {
    json.training.foregroundshare = 0.5;
    json["odd.key"] = 1;
    json.datasets.unshift({ ...json.datasets[0], name: "zero" });
    json.datasets[2].trianing = {};
    json.test[0].cases = 3;
    json.patch = [8, 8, "x"];
    delete json.splitSeed;
    delete json.organs;
  });
  const two = { extends: "one.json", name: "two", network: { strides: 2 }, test: { full: { x: 1 } } };
  const three = {
    extends: "two.json",
    name: "three",
    datasets: { zero: null, two: { validation: 5 } },
    training: { batchSize: null, steps: 3 },
  };
  const files = { "one.json": one, "two.json": two, "three.json": three };
  const { problems, file } = await assertRejects(() => reads(files, readCohort), InvalidFileError);
  assert(file.endsWith("/three.json"), file);
  const told = problems.map((problem: string) => {
    const [, note = "here", name = ""] =
      /\((in|neither here nor in) \S*\/(\w+)\.json, which it extends\)$/.exec(problem) ?? [];
    return `${problem.split(": ")[0]} ${note} ${name}`.trim();
  });
  assertEquals(told.sort(), [
    "datasets[1].trianing in one",
    "datasets[1].validation here",
    "network.strides in two",
    "odd.key in one",
    "organs neither here nor in two",
    "patch[2] in one",
    "test[0].cases in one",
    "test[0].x in two",
    "training.batchSize here",
    "training.foregroundshare in one",
    "training.steps here",
  ]);
});
