/** The notebooks that read results, run on a small study through the kernel. */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { executeNotebook } from "../../lib/runs/notebooks/execute_notebook.ts";
import type { Parameters } from "../../lib/runs/notebooks/parameters.ts";
import { readNotebook } from "../../lib/runs/notebooks/notebook.ts";
import { projectRoot, toolPaths } from "../../lib/setup/tool_paths.ts";
import { fakeScores, writeFinishedRun } from "../support/runs/finished_run.ts";
import { withFolder } from "../support/runs/with_folder.ts";

async function writeStudy(results: string): Promise<void> {
  for (const [experiment, level] of [["mutual", 0.85], ["independent", 0.8], ["nnunet", 0.82]] as const) {
    for (const seed of experiment === "nnunet" ? [undefined] : [1, 2, 3]) {
      const cases = (organ: number) =>
        Object.fromEntries(
          Array.from({ length: 7 }, (_, i) => [`case_${i}`, level - 0.1 * organ + 0.002 * i * (seed ?? 1)]),
        );
      await writeFinishedRun(results, {
        experiment,
        slug: (seed ?? 1) > 1 ? `seed_${seed}` : "default",
        seed,
        parameters: seed ? { seed } : {},
        rows: fakeScores({ Liver: cases(0), "<b>Leber</b> & Milz": { ...cases(1), case_3: 0 } }),
      });
    }
  }
}

/** Executes a notebook and returns all texts of its outputs, TensorFlow's parts that its kernel loaded included. */
async function execute(
  name: string,
  results: string,
  parameters: Parameters = { cohort: "toy" },
): Promise<string> {
  const output = join(results, `${name}.ipynb`);
  const failure = await executeNotebook(join(projectRoot, "notebooks", `${name}.ipynb`), {
    output,
    parameters,
    tools: toolPaths(),
    cwd: projectRoot,
    env: { CONSILIUM_RESULTS: results },
    events: join(results, `${name}.events`),
    onEvent() {},
  });
  assertEquals(failure, undefined);
  const { cells } = await readNotebook(output);
  return JSON.stringify(cells.map(({ outputs }) => outputs));
}

const expected: Record<string, { texts: string[]; files: string[] }> = {
  explore_ablations: {
    texts: [
      ...["Mean Dice [95 % interval]", "Mean NSD [95 % interval]", "Median HD95 (mm) [95 % interval]"],
      "Median ASSD (mm) [95 % interval]",
      "HD95 (mm): median of the paired differences from mutual",
      "Dice per organ",
      "Lowest Dice of mutual",
    ]
      .concat(["None of the arms was trained here", "None of these runs has predictions"]),
    files: [],
  },
  paper_tables: {
    texts: [
      "Ablations on toy",
      "Methods on toy",
      "Not in the table: no_mutual_difference has no finished run: it was not started",
      "nnunet",
    ],
    files: ["ablation", "methods"].flatMap((name) =>
      ["md", "tex", "csv"].map((kind) => `tables/${name}.${kind}`)
    ),
  },
  organ_dice: {
    texts: ["Mean Dice per organ", "error bars: 95 % interval", "Dice per organ: nnunet"],
    files: ["dice_by_organ.svg", "dice_by_arm.png", "dice_nnunet.svg"].map((name) => `figures/${name}`),
  },
};

for (const [name, { texts, files }] of Object.entries(expected)) {
  Deno.test(`notebooks/${name}.ipynb runs on results alone`, () =>
    withFolder(async (results) => {
      await writeStudy(results);
      const shown = await execute(name, results);
      for (const text of texts) assert(shown.includes(text), `${text} is not in ${shown.slice(0, 3000)}`);
      for (const file of files) assert((await Deno.stat(join(results, "toy", file))).size > 0, file);
    }));
}

Deno.test("notebooks/claims.ipynb judges a card that is not the project's by the runs that are there", () =>
  withFolder(async (results) => {
    for (const [experiment, dice] of [["mutual", 0.9], ["independent", 0.8]] as const) {
      await writeFinishedRun(results, {
        cohort: "phantom",
        experiment,
        seed: 1,
        parameters: { seed: 1 },
        rows: fakeScores({ Liver: { a: dice, b: dice + 0.02 } }),
      });
    }
    const path = join(results, "card.json");
    await Deno.writeTextFile(
      path,
      JSON.stringify({
        title: "Toy",
        claim: "The whole is better than a part of it.",
        source: "nobody",
        cohort: "phantom",
        seeds: [1],
        arms: { mutual: { experiment: "mutual" }, alone: { experiment: "independent" } },
        outcome: {
          arm: "mutual",
          reference: "alone",
          direction: "more",
          smallestDifference: 0.01,
          organs: ["Liver"],
        },
        expected: { halfWidth: 0.01, from: "nowhere" },
        gates: [{ arm: "mutual", atLeast: 0.99, why: "it must be perfect" }],
      }),
    );
    const shown = await execute("claims", results, { claims: path });
    for (
      const text of [
        "not tested",
        "gate failed: mutual has 0.",
        "phantom/mutual/default/v001",
        "The whole is better",
      ]
    ) {
      assert(shown.includes(text), `${text} is not in ${shown.slice(0, 3000)}`);
    }
    assert((await execute("claims", results, { claims: "" })).includes("not run"));
  }));

const axisCohorts = [
  "phantom_quick",
  ...["scans_3", "scans_12", "scanner_difference_0", "scanner_difference_2", "fields_of_view_whole"].map((
    level,
  ) => `phantom_quick_${level}`),
  ...[1, 2].map((count) => `phantom_quick_shared_organs_${count}`),
];

Deno.test("notebooks/phantom_axes.ipynb makes its table of all runs, refuses some, and then needs none", () =>
  withFolder(async (results) => {
    const off = ["predictionDifference", "featureDifference", "predictionSimilarity", "featureSimilarity"];
    for (const cohort of axisCohorts) {
      for (const seed of [1, 2, 3]) {
        for (const part of ["", ...off]) {
          const dice = part ? 0.6 : 0.7;
          await writeFinishedRun(results, {
            cohort,
            experiment: "mutual",
            slug: `${part}_${seed}`,
            seed,
            parameters: { seed, ...part && { [part]: 0 } },
            rows: fakeScores({ Liver: { a: dice + 0.1, b: dice + 0.05 } }),
          });
        }
      }
    }
    const made = await execute("phantom_axes", results, { fromRuns: true });
    const table = join(results, "phantom_quick", "tables", "axes.csv"),
      before = await Deno.readTextFile(table);
    await Deno.remove(join(results, "phantom_quick_scans_3"), { recursive: true });
    const failed = await execute("phantom_axes", results, { fromRuns: true }).catch((error) => String(error));
    assert(failed.includes("phantom_quick_scans_3: mutual, seeds 1-3"), failed);
    assertEquals(await Deno.readTextFile(table), before);
    await Deno.remove(join(results, "phantom_quick", "mutual"), { recursive: true });
    const read = await execute("phantom_axes", results, {});
    for (const shown of [made, read]) {
      for (const text of ["−0.100", "is below 0", "Of 3 seeds"]) {
        assert(shown.includes(text), `${text} is not in ${shown.slice(0, 3000)}`);
      }
    }
    for (const file of ["axes.csv", "axes.md", "axes.png"]) {
      assert((await Deno.stat(join(results, "phantom_quick", "tables", file))).size > 0, file);
    }
  }));

Deno.test("consilium/results and consilium/plots never load TensorFlow", async () => {
  for (const entry of ["results", "plots"]) {
    const { stdout } = await new Deno.Command(toolPaths().deno, {
      args: ["info", "--json", join("lib", `${entry}.ts`)],
      cwd: projectRoot,
    }).output();
    const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as {
      modules: { specifier: string; dependencies?: { specifier: string; code?: unknown }[] }[];
    };
    const loaded = modules.flatMap(({ dependencies = [] }) => dependencies)
      .filter(({ specifier, code }) => code !== undefined && specifier.includes("tensorflow"));
    assertEquals(loaded, []);
  }
});
