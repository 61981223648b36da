import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { runs } from "../../lib/commands/runs.ts";
import { comparisonJson } from "../../lib/workbench/catalogue/runs_json.ts";
import { runsTable } from "../../lib/workbench/catalogue/runs_table.ts";
import { exists } from "../../lib/files/whole_folder.ts";
import { tableToText } from "../../lib/plots/tables/table.ts";
import { scoreArms } from "../../lib/comparison/score_arms.ts";
import { readCatalogue } from "../../lib/comparison/catalogue/catalogue.ts";
import { catalogueRun, runOnDisk, score } from "../support/comparison/catalogue/runs.ts";
import { writeManyRuns } from "../support/runs/many_runs.ts";
import { withFolder } from "../support/runs/with_folder.ts";
import { codeOf } from "../../lib/terminal/exit_with.ts";
import { withOutput } from "../support/commands/with_output.ts";

const show = (results: string, ...args: string[]) =>
  withOutput(() =>
    runs(args, {
      results,
      confirm(question) {
        console.log(question);
        return true;
      },
    })
  );

Deno.test("pooled folds show what they have in common, whichever came first", () => {
  const run = (part: number, dataHash: string) =>
    catalogueRun({ seed: 1, cohort: `toy@${part}/3` }, {
      dataHash: `own ${part}`,
      fold: { part, of: 3, dataHash },
      scores: [score("liver", 0.5, { case: `${part}` })],
    });
  const folds = [run(1, "abcdef-one"), run(2, "abcdef-one"), run(1, "fedcba-other")];
  for (const runs of [folds, folds.toReversed()]) {
    const { columns, rows } = runsTable(runs);
    const shown = columns.indexOf("dataHash");
    assertEquals(rows.map((row) => row[shown]).sort(), ["abcdef", "fedcba"]);
  }
});

Deno.test("all seeds of an arm are one line; only parameters that differ are columns", () =>
  withFolder(async (results) => {
    await writeManyRuns(results, { count: 40, cases: 3 });
    const { result, text } = await show(results);
    assertEquals(result, 0);
    assertStringIncludes(text, "many: 40 runs");
    assertMatch(text, /│ mutual +│ +0\.3 │ 1-2 +│ 0\.7\d\d ± 0\.\d{3} │/);
    assertEquals(text.match(/^│ /gm)!.length, 21, "four arms of five weights, and the head");
    const [head] = text.match(/^│ .*/m)!;
    for (const equal of ["learningRate", "cohort", "state"]) assert(!head.includes(equal), equal);
    // What all of them have, but not by default, is said below.
    assertMatch(text, /^All of mutual with .*learningRate = /m);
    const single = await show(
      results,
      "--by-seed",
      "--experiment",
      "mutual",
      "--where",
      "predictionDifference=1.0",
    );
    assertStringIncludes(single.text, "many, mutual: 2 runs");
    assertStringIncludes(single.text, "mutual/seed_2/v001");
    const wrong: [string[], string][] = [
      [
        ["--cohort", "mny"],
        'a cohort that runs have must be one of many, current value is "mny": did you mean many?',
      ],
      [["--experiment", "mutul"], "did you mean mutual?"],
      [["--where", "predictionDiference=1"], "did you mean predictionDifference?"],
      [["--where", "predictionDifference=2"], "must be one of 0, 0.1, 0.3, 1, 3"],
      [["--status", "finishd"], "did you mean finished?"],
      [["--where", "seed=1", "--where", "seed=2"], "--where seed is given twice"],
    ];
    for (const [args, message] of wrong) await assertRejects(() => runs(args, { results }), Error, message);
    assertEquals((await show(results, "--status", "failed")).text, `There is no such run in ${results}.`);
  }));

Deno.test("runs that are not finished are counted, and have no score; filters by state", () =>
  withFolder(async (results) => {
    await runOnDisk(results, { seed: 1, form: "ü <b>" });
    await runOnDisk(results, { seed: 2, form: "ü <b>" }, "failed");
    await runOnDisk(results, { seed: 3, form: "b" }, "killed");
    const running = await runOnDisk(results, { seed: 4, form: "b" }, "running");
    const { text } = await show(results);
    assertMatch(text, /ü <b> +│ +1 │ +0\.700 │ 1 finished, 1 failed/);
    assertMatch(text, /│ b +│ +│ +– │ +1 killed, 1 running/);
    const killed = await show(results, "--status", "killed", "--by-seed");
    assertMatch(killed.text, /toy, mutual: 1 run\n[^]*killed[^]*seed_3/);
    assertMatch((await show(results, "--where", "form=ü <b>")).text, /2 runs/);
    await running.fail(new Error("enough"));
  }));

Deno.test("a record that cannot be read hides no other run", () =>
  withFolder(async (results) => {
    await runOnDisk(results, { seed: 1 });
    const broken = await runOnDisk(results, { seed: 2 });
    await Deno.writeTextFile(join(broken.folder, "run.json"), "{");
    const { result, text } = await show(results);
    assertEquals(result, 1);
    assertStringIncludes(text, `Warning: Cannot read run: `);
    assertStringIncludes(text, "toy, mutual: 1 run\n");
  }));

Deno.test("compare: by name or folder, parameters and organs side by side", () =>
  withFolder(async (results) => {
    const a = await runOnDisk(results, { seed: 1, rate: 0.1 });
    const b = await runOnDisk(results, { seed: 2, rate: 0.1, experiment: "pooled" });
    const { result, text } = await show(results, "compare", a.name, b.folder);
    assertEquals(result, 0);
    assertStringIncludes(text, `A: ${a.name}\nB: ${b.name}\n`);
    assertMatch(text, /│ seed +│ 1 │ 2 │/);
    assert(!text.includes("│ rate"), text);
    assertStringIncludes(text, "Also different: the experiment.");
    assertMatch(text, /│ spleen <b> +│ 0\.600 │ 0\.600 │ 0\.000 │/);
    const stopped = await runOnDisk(results, { seed: 3 }, "stopped");
    await assertRejects(() => runs(["compare", a.name, stopped.name], { results }), Error, "it is stopped");
    const near = a.name.replace("mutual", "mutul");
    await assertRejects(() => runs(["compare", a.name, near], { results }), Error, `did you mean ${a.name}?`);
    await assertRejects(() => runs(["compare", a.name, "no"], { results }), Error, "there is no run no");
  }));

Deno.test("prune removes what failed, was stopped or killed, after asking; never what is finished or runs", () =>
  withFolder(async (results) => {
    const finished = await runOnDisk(results, { seed: 1 });
    const gone = [];
    for (const [index, end] of (["failed", "stopped", "killed"] as const).entries()) {
      gone.push(await runOnDisk(results, { seed: 2 + index }, end));
    }
    const running = await runOnDisk(results, { seed: 9 }, "running");
    const stage = join(results, "toy/stages/0123456789abcdef");
    await Deno.mkdir(stage, { recursive: true });
    const none = await withOutput(() => runs(["prune"], { results, confirm: () => false }));
    assertStringIncludes(none.text, "failed");
    for (const { folder } of gone) assert(await exists(folder), "a no is a no");
    const { text } = await show(results, "prune");
    assertStringIncludes(text, "Remove these 3 runs for good?");
    assertEquals(await Promise.all(gone.map(({ folder }) => exists(folder))), [false, false, false]);
    assertEquals(await Promise.all([finished, running].map(({ folder }) => exists(folder))), [true, true]);
    assert(await exists(stage), "a run in progress may be about to take a stage");
    assert(!await exists(join(results, "toy/mutual/seed_2")), "no empty folder is left");
    await running.fail(new Error("enough"));
    const { text: said } = await show(results, "prune", "--yes");
    for (const words of ["toy/mutual/seed_9/v001 is removed.", "It is removed."]) {
      assertStringIncludes(said, words);
    }
    assertEquals(await Promise.all([finished.folder, running.folder, stage].map(exists)), [
      true,
      false,
      false,
    ]);
    assertEquals((await show(results, "prune")).text, "No run failed, was stopped or killed.");
  }));

Deno.test("without a terminal to ask on, nothing is removed", () =>
  withFolder(async (results) => {
    const { folder } = await runOnDisk(results, { seed: 1 }, "failed");
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-check",
        "--allow-read",
        "--allow-write",
        "--allow-env",
        "lib/commands/runs.ts",
        "prune",
      ],
      env: { CONSILIUM_RESULTS: results, NO_COLOR: "1" },
      stdin: "null",
    });
    const { success, stderr } = await child.output();
    assert(success);
    assertStringIncludes(new TextDecoder().decode(stderr), "--yes removes without asking");
    assert(await exists(folder));
  }));

Deno.test("called wrongly: exit code 2, or what was wrong", async () => {
  for (const args of [["list"], ["compare", "a"], ["prune", "a"], ["--yes"]]) {
    assertEquals((await withOutput(() => codeOf(runs, args))).result, 2, String(args));
  }
  await assertRejects(() => runs(["--status", "dead"]), Error, "--status must be one of finished, running");
  await assertRejects(() => runs(["--where", "seed"]), Error, "--where must be name=value");
});

Deno.test("where the table is wider than the terminal, parameters have short names, explained below", () => {
  const names = [
    "predictionDifference",
    "featureDifference",
    "predictionSimilarity",
    "fullDifference",
    "clean",
  ];
  const runs = [0, 1].map((value) => catalogueRun(Object.fromEntries(names.map((name) => [name, value]))));
  const [wide, narrow] = [tableToText(runsTable(runs)), tableToText(runsTable(runs, { width: 80 }))];
  assertStringIncludes(wide, "predictionDifference │");
  // Two of them would be FD, and C says nothing.
  assertMatch(narrow, /│ PD │ feature\w+ │ PS │ fullDifference │ clean │/);
  assertStringIncludes(
    narrow.replaceAll("\u00a0", " "),
    "PD = predictionDifference, PS = predictionSimilarity",
  );
  assert(narrow.split("\n").every((line) => line.length <= 80), narrow);
});

Deno.test("--json: every field in full digits, null where there is no number, and nothing else on stdout", () =>
  withFolder(async (results) => {
    await runOnDisk(results, { seed: 1, form: "a" });
    await runOnDisk(results, { seed: 2, form: "a" }, "failed");
    const json = async (...args: string[]) => JSON.parse((await show(results, ...args, "--json")).text);
    const [finished, failed] = await json();
    assertEquals(
      Object.keys(finished).join(" "),
      "run folder cohort experiment seed state parameters meanDice started seconds",
    );
    assertEquals([finished.cohort, finished.experiment, finished.seed, finished.state], [
      "toy",
      "mutual",
      1,
      "finished",
    ]);
    assertEquals(finished.folder, join(results, finished.run));
    assertEquals(finished.parameters.form, "a");
    const [found] = await readCatalogue(results, { state: "finished", onUnreadable() {} });
    assertEquals(finished.meanDice, found!.dice);
    assertEquals([failed.state, failed.meanDice], ["failed", null]);
    const same = await json("compare", finished.run, finished.run);
    assertEquals(Object.keys(same).join(" "), "a b parameters others scores sameCases");
    assertEquals([same.a, same.parameters, same.sameCases], [finished.run, [], true]);
    assertEquals(same.scores.at(-1).organ, null);
  }));

Deno.test("JSON says of what it has no number for", () => {
  const row = (dice: number, hd95: number) => ({ case: "1", dataset: "a", organ: "Liver", dice, hd95 });
  const comparison = {
    parameters: [{ name: "klWeight", a: undefined, b: 0.1 }],
    others: ["the data"],
    scores: [scoreArms({ A: [row(1 / 3, Infinity)], B: [row(NaN, 2)] }, { metric: "dice" })]
      .concat(scoreArms({ A: [row(1 / 3, Infinity)] }, { metric: "hd95" })),
    sameCases: false,
  };
  assertEquals(JSON.parse(comparisonJson("x", "y", comparison)), {
    a: "x",
    b: "y",
    parameters: [{ name: "klWeight", a: null, b: 0.1 }],
    others: ["the data"],
    scores: ["Liver", null].flatMap((organ) => [
      { metric: "dice", name: "Dice", statistic: "mean", organ, a: 0.3333333333333333, b: null },
    ]).concat(["Liver", null].map((organ) => (
      {
        metric: "hd95",
        name: "HD95",
        statistic: "median",
        organ,
        a: "Infinity" as unknown as number,
        b: null,
      }
    ))),
    sameCases: false,
  });
});
