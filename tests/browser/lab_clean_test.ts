import { assert, assertEquals, assertMatch } from "@std/assert";
import { basename, join } from "@std/path";
import type { Page } from "playwright-core";
import { readNotebook } from "../../lib/runs/notebooks/notebook.ts";
import { projectRoot } from "../../lib/setup/tool_paths.ts";
import { tinyCohort } from "../support/experiments/tiny_task.ts";
import { projectNotebooks } from "../support/notebooks/notebook_files.ts";
import { inBrowser, withPage } from "./browser.ts";
import { type Lab, openNotebook, until, withLab } from "./jupyter_lab.ts";

/** What JupyterLab could rewrite; only what git keeps. */
const kept = ["experiments", "notebooks", "results", "README.md", "deno.json"];
const ignored = new Set(["stages", "weights", "predictions", "scans", "report", ".ipynb_checkpoints"]);

/** Hash of every file at and below a path, by the path. */
async function hashes(path: string, { without = ignored } = {}): Promise<Record<string, string>> {
  if ((await Deno.stat(path)).isFile) {
    const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(path));
    return { [path]: new Uint8Array(digest).toHex() };
  }
  const found: Record<string, string> = {};
  for await (const { name } of Deno.readDir(path)) {
    if (!without.has(name)) Object.assign(found, await hashes(join(path, name), { without }));
  }
  return found;
}

const projectHashes = () => Promise.all(kept.map((name) => hashes(join(projectRoot, name))));

/** Replaces a parameter's text in a copy of a notebook. */
async function edit(path: string, change: [from: string, to: string]): Promise<void> {
  const text = await Deno.readTextFile(path);
  assert(text.includes(change[0]), `${change[0]} is not in ${path}`);
  await Deno.writeTextFile(path, text.replaceAll(...change));
}

const cohortIs = (name: string): [string, string] => ['cohort = \\"phantom\\"', `cohort = \\"${name}\\"`];

/** These name no cohort, or the right one, and are left as they are. */
const asTheyAre = new Set(["claims", "organ_dice", "phantom_axes"]);

/** These run to their end; of the others one cell does. Other tests run those whole. */
const whole = new Set(["single_marginal", "explore_ablations", "organ_dice"]);

/** Runs cells of a notebook and has it saved; answers the notebook as it is on the disk then. */
async function runAndSave(page: Page, { lab, path }: { lab: Lab; path: string }) {
  const notebook = await openNotebook(page, { lab, path });
  if (whole.has(basename(path, ".ipynb"))) await notebook.run("Run All Cells");
  else await notebook.run("Run Selected Cell and Do not Advance", 0);
  await notebook.idle();
  await page.keyboard.press("Control+s");
  const executed = async () => {
    const { cells } = await readNotebook(join(lab.folder, path));
    const code = cells.filter(({ cell_type }) => cell_type === "code");
    const last = (whole.has(basename(path, ".ipynb")) ? code.at(-1) : code[0])!;
    return typeof last.execution_count === "number" ? cells : undefined;
  };
  return await until(() => executed().catch(() => undefined)); // it may be half written
}

inBrowser(
  "all notebooks are opened, run and saved in JupyterLab, and no file of the project has changed",
  () =>
    withLab(async (lab) => {
      const before = await projectHashes();
      const [published, shown] = ["results/hippocampus", "hippocampus"];
      await new Deno.Command("cp", { args: ["-r", join(projectRoot, published), lab.results] }).output();
      const notebooks = await projectNotebooks();
      for (const { path } of notebooks) {
        const cohort = path.startsWith("experiments/") || path.includes("explore_cohort")
          ? tinyCohort
          : shown;
        if (!asTheyAre.has(basename(path, ".ipynb"))) await edit(join(lab.folder, path), cohortIs(cohort));
      }
      await withPage(async ({ page }) => {
        for (const { path } of notebooks) {
          const cells = await runAndSave(page, { lab, path });
          const errors = cells.flatMap(({ outputs = [] }) => outputs).filter((one) =>
            one.output_type === "error"
          );
          assertEquals(errors, [], path);
        }
        // A published run's notebook is looked at, run, and cannot be saved.
        const [version] =
          (await Array.fromAsync(Deno.readDir(join(projectRoot, published, "mutual/default"))))
            .map(({ name }) => name);
        const path = `${published}/mutual/default/${version}/notebook.ipynb`;
        const notebook = await openNotebook(page, { lab, path });
        await page.getByText("notebook is read-only").waitFor();
        await notebook.run("Run Selected Cell and Do not Advance", 0);
        await notebook.idle();
        await page.keyboard.press("Control+s");
      }, { width: 1400, height: 1000 });
      assertEquals(await projectHashes(), before);
      // Tables are what a notebook is asked to write; nothing else of published results may change.
      const without = new Set([...ignored, "tables"]);
      const hashesIn = async (folder: string) =>
        new Map(
          Object.entries(await hashes(folder, { without })).map(([path, hash]) => [
            path.slice(folder.length),
            hash,
          ]),
        );
      const own = await hashesIn(join(projectRoot, published));
      const copied = await hashesIn(join(lab.results, shown));
      assertEquals(new Map([...copied].filter(([path]) => own.has(path))), own);
      // The run that was made there says which notebook it executed.
      const run = join(lab.results, "phantom_tiny/single_marginal/default/v001");
      assertMatch(await Deno.readTextFile(join(run, "run.json")), /"status": "finished"/);
      const { cells } = await readNotebook(join(run, "notebook.ipynb"));
      assertEquals(cells.flatMap(({ outputs = [] }) => outputs), []);
    }),
);
