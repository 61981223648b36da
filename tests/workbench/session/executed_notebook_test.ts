import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { executedNotebook } from "../../../lib/workbench/session/executed_notebook.ts";
import { experimentPath, labFolder } from "../../../lib/workbench/project.ts";
import { runFolderVariable } from "../../../lib/runs/notebooks/notebook_file.ts";
import { writeNotebook } from "../../support/runs/toy_notebook.ts";
import { withFolder } from "../../support/runs/with_folder.ts";
import { withEnv } from "../../support/setup/with_env.ts";

Deno.test("what is executed is the session's notebook where it starts the experiment, else the project's", () =>
  withFolder(async (folder) => {
    const path = join(folder, "mine.ipynb");
    await writeNotebook(path, [[[], 'const run = await startRun("mutual", study, {});']]);
    const session = (name?: string, run?: string) => ({ JPY_SESSION_NAME: name, [runFolderVariable]: run });
    const cases = [
      [session(path), "mutual", path],
      [session(path), "pooled", experimentPath("pooled")], // started from a notebook, itself another one
      [session(), "mutual", experimentPath("mutual")],
      [session(path, "/run"), "mutual", experimentPath("mutual")],
      [session(join(folder, "gone.ipynb")), "mutual", experimentPath("mutual")],
    ] as const;
    for (const [variables, experiment, expected] of cases) {
      await withEnv(variables, async () => assertEquals(await executedNotebook(experiment), expected));
    }
    await withEnv(session(`${labFolder}/renamed.ipynb`), async () => {
      await assertRejects(() => executedNotebook("mutual"), Error, "restart the kernel");
    });
  }));

Deno.test("a notebook that is being saved is waited for", () =>
  withFolder(async (folder) => {
    const path = join(folder, "mine.ipynb");
    await Deno.writeTextFile(path, '{"cells": [');
    await withEnv({ JPY_SESSION_NAME: path, [runFolderVariable]: undefined }, async () => {
      const found = executedNotebook("mutual");
      await new Promise((turn) => setTimeout(turn, 100));
      await writeNotebook(path, [[[], 'startRun("mutual", study, {})']]);
      assertEquals(await found, path);
    });
  }));
