/** The sweep `phantom_axes`, its cohorts, and the notebook that shows them, belong together. */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { readCohort } from "../../lib/data/cohorts/read_cohort.ts";
import { experimentParameters } from "../../lib/methods/experiments.ts";
import { readNotebook } from "../../lib/runs/notebooks/notebook.ts";
import { runSlug } from "../../lib/runs/folder/slug.ts";
import { readSweep } from "../../lib/runs/sweeps/sweep.ts";
import { cohortPath, projectFolder, sweepPath } from "../../lib/workbench/project.ts";
import { codeOf } from "../support/notebooks/notebook_files.ts";

const sweep = await readSweep(sweepPath("phantom_axes"));
const cohorts = await Promise.all(sweep.axes.cohort!.map((name) => readCohort(cohortPath(String(name)))));
const source = codeOf(await readNotebook(join(projectFolder, "notebooks", "phantom_axes.ipynb"))).join("\n");

Deno.test("each cohort of the axes differs from phantom_quick in its one thing", () => {
  const [quick, ...others] = cohorts;
  const told = ({ generator, datasets }: typeof quick & object) => ({
    ...generator!.phantom,
    ...Object.fromEntries(datasets.map(({ name, organs }) => [name, organs.length])),
  });
  const middle = Object.entries(told(quick!));
  const differences = others.map((cohort) => {
    const { name: _, description: __, ...rest } = cohort,
      { name, description: _description, ...same } = quick!;
    const { generator, datasets } = same;
    assertEquals(
      {
        ...rest,
        generator,
        datasets: rest.datasets.map((one, i) => ({ ...one, organs: datasets[i]!.organs })),
      },
      same,
    );
    const own = new Map(Object.entries(told(cohort)));
    const known = new Map<string, unknown>(middle);
    return [
      cohort.name.slice(`${name}_`.length),
      Object.fromEntries([...own].filter(([key, value]) => known.get(key) !== value)),
    ];
  });
  assertEquals(differences, [
    ["scans_3", { scans: 3 }],
    ["scans_12", { scans: 12 }],
    ["scanner_difference_0", { scannerDifference: 0 }],
    ["scanner_difference_2", { scannerDifference: 2 }],
    ["fields_of_view_whole", { fieldsOfView: "whole" }],
    ["shared_organs_1", { B: 3 }],
    ["shared_organs_2", { A: 4, B: 3 }],
  ]);
  const shared = cohorts.map(({ datasets: [a, b] }) =>
    a!.organs.filter((organ) => b!.organs.includes(organ)).length
  );
  assertEquals(shared, [0, 0, 0, 0, 0, 0, 1, 2]);
});

Deno.test("the notebook names the sweep's cohorts, arms and seeds", async () => {
  assert(source.includes(`seeds: [${sweep.axes.seed!.join(", ")}]`));
  for (const { name } of cohorts) assert(source.includes(`"${name}"`), name);
  const parameters = experimentParameters("mutual")!;
  const defaults = Object.fromEntries(parameters.map(({ name, value }) => [name, value]));
  for (const set of Object.values(sweep.variants!)) {
    const slug = await runSlug({ ...defaults, ...set }, parameters);
    assert(source.includes(slug === "default" ? '"mutual"' : `"mutual/${slug}"`), slug);
  }
});
