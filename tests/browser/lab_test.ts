import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { listRuns, readHistory } from "../../lib/notebook/results.ts";
import { stateOf } from "../../lib/runs/folder/run_state.ts";
import { projectRoot } from "../../lib/setup/tool_paths.ts";
import { tinyCohort } from "../support/experiments/tiny_task.ts";
import { writeManyRuns } from "../support/runs/many_runs.ts";
import { inBrowser, withPage } from "./browser.ts";
import { openNotebook, until, withLab } from "./jupyter_lab.ts";

/** Outputs of cells that failed. */
const failures = '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]';

inBrowser(
  "JupyterLab runs a notebook of results; its charts are drawn, and nothing is asked of others",
  () =>
    withLab(async (lab) => {
      // The cohort that the notebook names; its figures go to the same folder.
      await writeManyRuns(lab.results, {
        cohort: "hippocampus",
        count: 4,
        organs: ["Anterior", "Posterior"],
      });
      await withPage(async ({ page, problems, picture }) => {
        const notebook = await openNotebook(page, { lab, path: "notebooks/organ_dice.ipynb" });
        await notebook.run("Run All Cells");
        for (const index of [3, 4]) {
          await notebook.cell(index).locator(".js-plotly-plot .main-svg .trace").first().waitFor();
        }
        await notebook.idle();
        await picture("lab_organ_dice");
        assertMatch(await notebook.cell(2).locator(".jp-OutputArea table").innerText(), /Anterior/);
        assertEquals(await page.locator(".jp-Notification, .Toastify__toast").allInnerTexts(), []);
        assertEquals(problems.filter((problem) => problem.startsWith("request")), []);
      }, { height: 1600 });
      assertEquals(await Array.fromAsync(Deno.readDir(lab.home)), []);
    }),
);

/** The experiment `mutual` on the tiny cohort; below its first stage stands a cell that asks whether variables are alive. */
async function writeTraining(path: string): Promise<void> {
  const notebook = JSON.parse(await Deno.readTextFile(join(projectRoot, "experiments/mutual.ipynb")));
  const [parameters] = notebook.cells;
  parameters.source = parameters.source.join("")
    .replace('cohort = "phantom"', `cohort = "${tinyCohort}"`)
    .replace("partialOrganSteps = 0", `partialOrganSteps = ${steps}`);
  notebook.cells.splice(alive, 0, {
    ...notebook.cells[stage],
    id: "alive",
    source: "`${run.name} is alive`",
  });
  await Deno.writeTextFile(path, JSON.stringify(notebook));
}

const steps = 400;
/** Places of the cell of stage 1, and of that below it. */
const stage = 4, alive = 5;

inBrowser(
  "a training cell shows its progress in place, stops at the button, resumes, and finishes",
  () =>
    withLab(async (lab) => {
      const path = "experiments/mutual.ipynb";
      await writeTraining(join(lab.folder, path));
      await withPage(async ({ page, picture }) => {
        const notebook = await openNotebook(page, { lab, path });
        const output = notebook.cell(stage).locator(".jp-OutputArea-output");
        /** The step that the line of progress tells. */
        const stepAfter = (step: number) =>
          until(async () => {
            const [, found] = (await output.first().innerText()).match(/partial_organ .* (\d+)\/400/) ?? [];
            return Number(found) > step ? Number(found) : undefined;
          });
        /** How many points of the figure's first curve are drawn. */
        const points = () => output.nth(1).locator(".xy .trace").first().locator(".point").count();

        await notebook.run("Run All Above Selected Cell", stage);
        await notebook.idle();
        // All that follow wait behind it.
        await notebook.run("Run Selected Cell and All Below", stage);
        await notebook.cell(stage).locator(".js-plotly-plot .main-svg .trace").first().waitFor();
        const before = { points: await points(), step: await stepAfter(0) };
        await until(async () => await points() > before.points || undefined);
        const after = await stepAfter(before.step);
        assertMatch(
          await output.first().innerText(),
          /^partial_organ {2}━*╌+ {2}\d+\/400 {2}own \d\.\d{3}( {2}Dice .*)? {2}\S.* left$/,
        );
        assertEquals(await output.count(), 2, "one line and one figure, however often they are drawn");
        await picture("lab_training");

        await notebook.stop();
        await notebook.idle();
        await picture("lab_stopped");
        assertMatch(
          await output.last().innerText(),
          /^Stopped after step \d+ of 400; run this cell again to go on\.\s*$/,
        );
        assertEquals(await page.locator(failures).count(), 0, "a stop is no failure");
        assertEquals(
          await notebook.cell(alive).locator(".jp-OutputArea-output").count(),
          0,
          "nothing after it ran",
        );
        const stopped = (await listRuns("phantom_tiny", { results: lab.results, status: "all" }))[0]!;
        assertEquals([stopped.record.status, await stateOf(stopped)], ["stopped", "stopped"]);
        await notebook.run("Run Selected Cell and Do not Advance", alive);
        await notebook.idle();
        assertMatch(
          await notebook.cell(alive).locator(".jp-OutputArea").innerText(),
          /phantom_tiny.* is alive/,
        );

        await notebook.run("Run Selected Cell and All Below", stage);
        assert(await stepAfter(0) >= after, "it goes on");
        await notebook.idle();
        await picture("lab_finished");
        assertMatch(await output.first().innerText(), /^partial_organ {2}━+ {2}done in/);
        assertEquals(await page.locator(failures).count(), 0);
      }, { width: 1400, height: 2400 });
      const [run] = await listRuns("phantom_tiny", { results: lab.results });
      const rows = (await readHistory(run!)).filter((row) =>
        row.stage === "partial_organ" && row.model === "A"
      );
      const logged = rows.filter(({ terms }) => "own" in terms).map(({ step }) => step);
      assertEquals(
        logged,
        Array.from({ length: steps / 10 }, (_, index) => 10 * (index + 1)),
        "each step once",
      );
    }),
);

inBrowser(
  "explore_cohort runs in JupyterLab, and its sliders move through the scan",
  () =>
    withLab(async (lab) => {
      const path = "notebooks/explore_cohort.ipynb";
      const source = await Deno.readTextFile(join(projectRoot, path));
      await Deno.writeTextFile(
        join(lab.folder, path),
        source.replace('\\"phantom\\"', `\\"${tinyCohort}\\"`),
      );
      await withPage(async ({ page, picture }) => {
        const notebook = await openNotebook(page, { lab, path });
        await notebook.run("Run All Cells");
        await page.locator(".js-plotly-plot .slider-rail-touch-rect").first().waitFor({ state: "attached" });
        await notebook.idle();
        assertEquals([await page.locator(".js-plotly-plot").count(), await page.locator(failures).count()], [
          4,
          0,
        ]);
        const picturesNow = () =>
          page.locator(".js-plotly-plot image").evaluateAll((all) => `${all.map((one) => one.outerHTML)}`);
        const before = await picturesNow();
        await page.locator(".slider-rail-touch-rect").first().click({
          position: { x: 4, y: 10 },
          force: true,
        });
        await until(async () => await picturesNow() !== before || undefined);
        await picture("lab_explore_cohort");
      }, { width: 1500, height: 3600 });
    }),
);
