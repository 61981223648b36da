import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { consilium } from "../../lib/commands/consilium.ts";
import { projectRoot } from "../../lib/setup/tool_paths.ts";
import { withOutput } from "../support/commands/with_output.ts";
import { type Ended, startTask, taskNames } from "../support/commands/tasks.ts";

/** What the help of a command must name: of a command that is not here, its own name is enough. */
const names: Record<string, string[]> = {
  setup: ["--quiet"],
  demo: ["mutual, no_mutual_difference, no_similarity", "no_feature_sharing, independent", "--seeds"],
  run: ["single_marginal  ", "the upper bound", "hippocampus", "--cohort", "--seed", "--set name=value"],
  sweep: ["phantom_ablation", "nine arms", "--jobs", "--array", "--list", "--slurm", "--print", "k8s"],
  runs: ["head_neck", "independent, mutual", "compare <a> <b>", "prune", "--where", "--json", "stopped"],
  lab: ["--no-browser", "--port"],
  predict: ["hippocampus", "--run", "--out", "--inference best|mean", "--byte-budget", "--overwrite"],
  evaluate: ["phantom", "--cohort", "--name", "--labels"],
  view: ["head_neck", "--out"],
  report: ["hippocampus", "oracle", "--arms", "--reference"],
  plan: ["--name", "--out", "--spacing"],
  bench: ["training_step", "A training step and a forward pass", "bench-setup"],
  "bench-nnunet": ["hippocampus", "nnunet_our_network", "--budgets", "5,10,20,40", "bench-setup"],
  "check-data": ["head_neck", "dataset.json"],
  "import-dicom": ["RTSTRUCT and SEG", "--organs", "--priority", "docs/DICOM.md"],
  scribble: ["--out", "--length", "--thickness", "--axis"],
  claims: ["label_dropout", "--list", "--jobs", "CLAIMS.md"],
};

/** Commands that want something: alone they say so. */
const wanting: Record<string, RegExp> = {
  run: /Cannot run: no experiment is named\n$/,
  sweep: /Cannot sweep: no sweep is named\n$/,
  predict: /Cannot predict: --run is missing\n$/,
  evaluate: /Cannot evaluate: no folder is named\n$/,
  view: /Cannot view: no run is named\n$/,
  report: /Cannot report: no cohort is named\n$/,
  plan: /Cannot plan: no folder is named\n$/,
  "bench-nnunet": /Cannot bench: --cohort is missing\n$/,
  "check-data": /Cannot check data: no folder and no cohort is named\n$/,
  "import-dicom": /Cannot import DICOM: no folder is named\n$/,
  scribble: /Cannot scribble: no folder of a dataset is named\n$/,
};

function assertHelp(name: string, { code, stdout, stderr }: Ended): void {
  assertEquals([code, stderr], [0, ""], name);
  assertMatch(stdout, /^Usage:/);
  assertStringIncludes(stdout, name);
  for (const word of names[name] ?? []) assertStringIncludes(stdout, word);
  const wide = stdout.split("\n").filter((line) => [...line].length > 80);
  assertEquals(wide, [], "a terminal has 80 columns");
  assert(!stdout.includes("\x1b"), "no colours, no bars");
}

for (const task of taskNames()) {
  const name = task === "ready" ? "setup" : task === "test-browser" ? "test" : task;
  Deno.test(`${task} --help: on stdout, code 0, names what there is, starts nothing`, async () => {
    assertHelp(name, await startTask(task, ["--help"]));
  });
}

Deno.test("-h is help too where a command hands its arguments on", async () => {
  for (const name of ["setup", "test", "lab"]) assertHelp(name, await startTask(name, ["-h"]));
});

Deno.test("a command that wants something says alone how it is used and last what is missing, code 2", async () => {
  for (const [name, reason] of Object.entries(wanting)) {
    const { code, stdout, stderr } = await startTask(name, []);
    assertEquals([code, stdout], [2, ""], name);
    assertMatch(stderr, /^Usage: /);
    assertMatch(stderr, reason);
  }
});

Deno.test("run <experiment> --help has every parameter of its notebook with default and meaning", async () => {
  const { code, stdout } = await startTask("run", ["mutual", "--help"]);
  assertEquals(code, 0);
  assertStringIncludes(stdout, "cohort=phantom");
  assertMatch(stdout, /featureDifference=0\.1 +weight of feature difference \(FD\); 0 = off/);
  const notebook = JSON.parse(await Deno.readTextFile(join(projectRoot, "experiments", "mutual.ipynb")));
  const declared = [notebook.cells[0].source].flat().join("").match(/^let \w+/gm) as string[];
  assert(declared.length > 20);
  for (const word of declared) assertStringIncludes(stdout, `\n  ${word.slice(4)}=`);
});

Deno.test("consilium --version says the version of deno.json", async () => {
  const { version } = JSON.parse(await Deno.readTextFile(join(projectRoot, "deno.json")));
  for (const option of ["--version", "-V"]) {
    const { result, text } = await withOutput(() => consilium([option]));
    assertEquals([result, text], [0, `consilium ${version}`]);
  }
});
