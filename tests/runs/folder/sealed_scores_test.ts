import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { runs } from "../../../lib/commands/runs.ts";
import { readArms } from "../../../lib/comparison/arms.ts";
import { textHash } from "../../../lib/files/content_hash.ts";
import { readHistory, readMetrics } from "../../../lib/runs/folder/read_run.ts";
import { withOutput } from "../../support/commands/with_output.ts";
import { runOnDisk, score } from "../../support/comparison/catalogue/runs.ts";
import { openRun } from "../../../lib/runs/open_run.ts";
import { fakeOptions, fakeTraining } from "../../support/runs/fake_training.ts";
import { fakeScores, writeFinishedRun } from "../../support/runs/finished_run.ts";
import { exists } from "../../../lib/files/whole_folder.ts";
import { locateRun } from "../../../lib/workbench/case_volumes.ts";
import { findBundle } from "../../../lib/workbench/prediction/find_bundle.ts";
import { foldersIn } from "../../../lib/files/folder_contents.ts";
import { withFolder } from "../../support/runs/with_folder.ts";

const rows = fakeScores({ liver: { one: 0.5, two: 0.75 }, spleen: { one: 0.25, two: 0 } });

const lines = (change: (lines: string[]) => string[]) => (text: string) =>
  `${change(text.trimEnd().split("\n")).join("\n")}\n`;

/** What happens to a metrics.csv, and what is said of it, by a run whose record seals nothing. */
const damages: [what: string, damage: (text: string) => string, said: string][] = [
  ["cut mid-line", (text) => text.slice(0, -4), "it ends within a line"],
  ["cut behind a cell", (text) => text.replace(/,[^,]*\n$/, "\n"), "row 5 has"],
  [
    "a case's rows missing",
    lines((all) => all.filter((line) => !line.startsWith("two"))),
    "the test case two has no row",
  ],
  ["all rows missing", lines((all) => all.slice(0, 1)), "the test case one has no row"],
  ["empty", () => "", "the test case one has no row"],
  ["a row twice", lines((all) => [...all, all[1]!]), "liver of one has two rows"],
  [
    "Dice above 1",
    (text) => text.replace("0.5", "5.0"),
    'dice must be a number from 0 to 1, row 2 has "5.0"',
  ],
  ["Dice below 0", (text) => text.replace("0.5", "-0.5"), 'row 2 has "-0.5"'],
  ["Dice no number", (text) => text.replace("0.5", "abc"), 'row 2 has "abc"'],
  ["a blank for a number", (text) => text.replace("0.5", " "), 'row 2 has " "'],
  [
    "a distance below 0",
    (text) => text.replace(/[\d.]+\n/, "-1\n"),
    "assd_mm must be a number of mm from 0 on",
  ],
  ["an open quotation mark", (text) => text.replace("one", '"one'), "a quotation mark does not end"],
];

for (const [what, damage, said] of damages) {
  Deno.test(`damaged scores of a finished run are no scores: ${what}`, () =>
    withFolder(async (results) => {
      const folder = await writeFinishedRun(results, { experiment: "mutual", rows });
      assertEquals(await readMetrics({ folder }), rows);
      const path = join(folder, "metrics.csv");
      await Deno.writeTextFile(path, damage(await Deno.readTextFile(path)));
      for (const read of [() => readMetrics({ folder }), () => readArms("toy", { results })]) {
        assertStringIncludes((await assertRejects(read, Error, said)).message, path);
      }
      const { result, text } = await withOutput(() => runs([], { results }));
      assertEquals(result, 1);
      assertStringIncludes(text, `Warning: Cannot read `);
      assertStringIncludes(text, "There is no such run", "it counts nowhere");
    }));
}

Deno.test("a finished run without its scores is damaged, one that runs is not", () =>
  withFolder(async (results) => {
    const folder = await writeFinishedRun(results, { experiment: "mutual", rows });
    await Deno.remove(join(folder, "metrics.csv"));
    await assertRejects(() => readMetrics({ folder }), Error, "the file is not there");
    const running = await runOnDisk(results, { seed: 2 }, "running");
    assertEquals(await readMetrics(running), []);
    await running.fail(new Error("enough"));
  }));

Deno.test("a run seals its scores: rows that no list of cases can miss, and numbers that stay likely", () =>
  withFolder(async (results) => {
    const run = await openRun("mutual", { cohort: "toy" }, fakeOptions(results));
    await run.finish(["liver", "spleen"].map((organ) => score(organ, 0.8, { case: "case_3" })));
    const { folder, record } = run;
    const path = join(folder, "metrics.csv");
    const text = await Deno.readTextFile(path);
    const count = text.trimEnd().split("\n").length - 1;
    assertEquals(record.scores, { rows: count, hash: await textHash(text) });
    await Deno.writeTextFile(path, text.split("\n").toSpliced(1, 1).join("\n"));
    await assertRejects(
      () => readMetrics({ folder }),
      Error,
      `wrote ${count} rows, the file has ${count - 1}`,
    );
    await Deno.writeTextFile(path, text.replace(/0\.\d+/, "0.123"));
    await assertRejects(() => readMetrics({ folder }), Error, "was changed after the run had ended");
  }));

Deno.test("a run seals its other tables, too", () =>
  withFolder(async (results) => {
    const run = await openRun("mutual", { cohort: "toy" }, fakeOptions(results));
    await fakeTraining(run);
    const { folder } = run, path = join(folder, "history.csv");
    assertEquals(Object.keys(run.record.tables!), ["history.csv"]);
    assertEquals((await readHistory({ folder })).length, 80);
    const text = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, text.replace("0.1", "0.2"));
    await assertRejects(() => readHistory({ folder }), Error, "was changed after the run had ended");
    await Deno.remove(path);
    await assertRejects(() => readHistory({ folder }), Error, "the file is not there");
  }));

Deno.test("a finished run without run.json is named as damaged", () =>
  withFolder(async (results) => {
    const kept = await writeFinishedRun(results, { experiment: "mutual", rows });
    const damaged = await writeFinishedRun(results, { experiment: "mutual", version: 2, rows });
    await Deno.remove(join(damaged, "run.json"));
    const { result, text } = await withOutput(() => runs([], { results }));
    assertEquals(result, 1);
    assertStringIncludes(text, `run.json is missing, and the folder is that of a finished run (${damaged})`);
    assertStringIncludes(text, "toy, mutual: 1 run\n");
    for (
      const read of [
        () => openRun("mutual", { cohort: "toy" }, fakeOptions(results)),
        () => findBundle("toy/mutual/default/v002", { results }),
        () => locateRun(damaged),
        () => readMetrics({ folder: damaged }),
      ]
    ) await assertRejects(read, Error, "run.json is missing");
    const told: string[] = [];
    const arms = await readArms("toy", { results, onUnreadable: ({ message }) => void told.push(message) });
    assertEquals([arms.length, told.length], [1, 1]);
    assertStringIncludes(told[0]!, damaged);
    await Deno.mkdir(join(results, "toy/stages/0123456789abcdef"), { recursive: true });
    const pruned = await withOutput(() => runs(["cache", "--prune", "--yes"], { results }));
    assertStringIncludes(pruned.text, damaged);
    assertEquals(
      await exists(join(results, "toy/stages/0123456789abcdef")),
      true,
      "its stages are not nobody's",
    );
    await Deno.rename(damaged, `${damaged}.partial`);
    assertEquals(
      (await withOutput(() => runs([], { results }))).result,
      0,
      `killed at its start, beside ${kept}`,
    );
  }));

Deno.test("runs behind links are runs: a version, an arm, a cohort", () =>
  withFolder(async (root) => {
    const [results, elsewhere] = [join(root, "results"), join(root, "elsewhere")];
    for (const [place, cohort] of [["a/mutual/default/v001", "a"], ["b/mutual", "b"], ["c", "c"]] as const) {
      await writeFinishedRun(results, { experiment: "mutual", cohort, rows });
      await Deno.mkdir(elsewhere, { recursive: true });
      const moved = join(elsewhere, cohort);
      await Deno.rename(join(results, place), moved);
      await Deno.symlink(moved, join(results, place));
      assertEquals((await readArms(cohort, { results })).length, 1, place);
    }
    await Deno.symlink(join(root, "nowhere"), join(results, "dangling"));
    assertEquals(await foldersIn(results), ["a", "b", "c"]);
  }));

Deno.test("a run with any damaged table is counted by no list", () =>
  withFolder(async (results) => {
    const run = await openRun("mutual", { cohort: "toy" }, fakeOptions(results));
    await fakeTraining(run);
    const path = join(run.folder, "history.csv");
    await Deno.writeTextFile(path, (await Deno.readTextFile(path)).replace("0.1", "0.2"));
    const { result, text } = await withOutput(() => runs([], { results }));
    assertEquals(result, 1);
    assertStringIncludes(text, `the file was changed after the run had ended (${path})`);
    assert(!text.includes("1 run"), text);
  }));
