import { taskPermissions } from "../support/commands/tasks.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { loadStudy } from "../../lib/workbench/load_study.ts";
import { experimentPath } from "../../lib/workbench/project.ts";
import { readNotebook } from "../../lib/runs/notebooks/notebook.ts";
import { declaredParameters } from "../../lib/runs/notebooks/parameters.ts";
import { withFolder } from "../support/runs/with_folder.ts";
import { cutOff } from "../support/experiments/cut_off.ts";
import {
  lively,
  startArm,
  startModule,
  type TaskEnd,
  tinyCohort,
  tinyName,
} from "../support/experiments/tiny_task.ts";
import { assertWholeRun, type ExpectedRun } from "../support/experiments/whole_run.ts";

/** In the order in which they start; two run at a time, so the first two compute what the others share. */
const arms: Record<string, ExpectedRun> = {
  mutual: {
    stages: ["partial_organ", "pseudo_labels", "full_organ", "postprocessing", "test"],
    figures: ["pseudo_labels", "teachers"],
  },
  independent: {
    stages: ["partial_organ", "pseudo_labels", "full_organ", "postprocessing", "test"],
    figures: ["pseudo_labels"],
  },
  single_marginal: { stages: ["single", "postprocessing", "test"], figures: [] },
  oracle: { stages: ["single", "postprocessing", "test"], figures: [] },
  no_similarity: {
    stages: ["partial_organ*", "pseudo_labels*", "full_organ", "postprocessing", "test"],
    figures: ["pseudo_labels"],
  },
  no_mutual_difference: {
    stages: ["partial_organ*", "pseudo_labels*", "full_organ", "postprocessing", "test"],
    figures: ["pseudo_labels", "teachers"],
  },
  // Validated once, at the end, no model of `mutual` has ever taught another: both arms have the same weights.
  no_feature_sharing: {
    stages: ["partial_organ*", "pseudo_labels*", "full_organ", "postprocessing*", "test*"],
    figures: ["pseudo_labels"],
  },
  pooled: {
    stages: ["partial_organ*", "pseudo_labels*", "pooled", "postprocessing", "test"],
    figures: ["pseudo_labels"],
  },
  partial_merged: { stages: ["partial_organ*", "postprocessing", "test"], figures: [] },
};

const network = await cutOff();

async function settingsOf(arm: string): Promise<string[]> {
  const path = experimentPath(arm);
  const names = declaredParameters(await readNotebook(path), path).map(({ name }) => name);
  return lively.filter((setting) => names.includes(setting.split("=")[0]!));
}

async function runAll(results: string): Promise<Record<string, TaskEnd>> {
  const ended: Record<string, TaskEnd> = {};
  const waiting = Object.keys(arms);
  const work = async () => {
    for (let arm = waiting.shift(); arm; arm = waiting.shift()) {
      const task = startArm(arm, { results, prefix: network, set: await settingsOf(arm) });
      ended[arm] = await task.ended;
    }
  };
  await Promise.all([work(), work()]);
  return ended;
}

const where = network ? "without a network" : "(with the network: unshare is missing or not allowed here)";

Deno.test(`nine arms run to whole folders ${where} and share stages`, (t) =>
  withFolder(async (results) => {
    const [study, open] = [await loadStudy(tinyCohort), await loadStudy(tinyCohort, { showAll: true })];
    const ended = await runAll(results);
    const folders: Record<string, string> = {};
    for (const [arm, expected] of Object.entries(arms)) {
      await t.step(arm, async () => {
        const { code, stdout, stderr } = ended[arm]!;
        assertEquals(code, 0, stderr);
        for (const { name } of study.organs) assertStringIncludes(stdout, `│ ${name}`);
        const figures = stderr.match(/Figures: (.*)\/figures/)![1]!;
        folders[arm] = figures;
        assertMatch(figures, new RegExp(`^${join(results, tinyName, arm)}/[^/]+/v001$`));
        await assertWholeRun(figures, arm === "oracle" ? open : study, expected);
      });
    }
    await t.step(
      "the demo compares its finished arms in one table that fits 80 columns, and draws it",
      async () => {
        const task = startModule("tests/support/experiments/tiny_demo.ts", [], {
          results,
          prefix: network,
          permissions: taskPermissions("demo", { CONSILIUM_RESULTS: results }),
        });
        const { code, stdout, stderr } = await task.ended;
        assertEquals(code, 0, stderr);
        assertMatch(stderr, /5 arms, each with 1 seed/);
        assert(!stderr.includes("begins"), "nothing is computed again");
        const lines = stdout.trimEnd().split("\n");
        const demoArms = [
          ...["mutual", "no_mutual_difference", "no_similarity", "no_feature_sharing", "independent"],
        ];
        const figure = join(results, tinyName, "figures", "ablation.png");
        assertEquals(lines.slice(-6), [
          ...demoArms.map((arm) => `${arm}: ${folders[arm]}`),
          `figure: ${figure}`,
        ]);
        assertEquals(new TextDecoder("latin1").decode((await Deno.readFile(figure)).slice(1, 4)), "PNG");
        const drawn = lines.filter((line) => /^[┌│├└]/.test(line));
        assertEquals(drawn.filter((line) => [...line].length > 80), []);
        const rows = drawn.map((line) => line.split("│").map((cell) => cell.trim())).filter(([, arm]) =>
          demoArms.includes(arm!)
        );
        assertEquals(rows.map(([, arm]) => arm), demoArms);
        assertEquals(rows[0]!.slice(3, 6), ["–", "–", "–"], "the method has no difference from itself");
        for (const row of rows.slice(1)) {
          assertMatch(
            row.slice(3, 6).join(" "),
            /^.?\d\.\d{3} .?\d\.\d{3} to .?\d\.\d{3} (holds 0|is (below|above) 0)$/,
          );
        }
      },
    );
  }));
