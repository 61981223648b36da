import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { notebookFile, runFolderVariable, whyNotShown } from "../../../lib/runs/notebooks/notebook_file.ts";
import { projectRoot } from "../../../lib/setup/tool_paths.ts";
import { withEnv } from "../../support/setup/with_env.ts";

const session = (path: string | undefined) => ({ JPY_SESSION_NAME: path, [runFolderVariable]: undefined });

Deno.test("a kernel's notebook is the one that JupyterLab names, by its whole path", async () => {
  for (
    const [path, found] of [["/a/b.ipynb", true], ["b.ipynb", false], ["/a/console", false], [
      undefined,
      false,
    ]] as const
  ) {
    await withEnv(session(path), () => assertEquals(notebookFile(), found ? path : undefined));
  }
});

Deno.test("scans are shown below data/ and in a task's kernel, not where git may keep the notebook", async () => {
  const folder = join(projectRoot, "data");
  await Deno.mkdir(folder, { recursive: true });
  const own = await Deno.makeTempFile({ dir: folder, suffix: ".ipynb" });
  const outside = await Deno.makeTempFile({ suffix: ".ipynb" });
  const link = join(folder, `${crypto.randomUUID()}.ipynb`);
  await Deno.symlink(outside, link);
  try {
    await withEnv(session(own), () => assertEquals(whyNotShown(), undefined));
    const refused = [
      undefined,
      outside,
      join(projectRoot, "notebooks/explore_cohort.ipynb"),
      link,
      join(folder, "gone.ipynb"),
    ];
    for (const path of refused) {
      await withEnv(session(path), () => assertMatch(whyNotShown() ?? "", / lab`/));
    }
    await withEnv({ [runFolderVariable]: "/results/x" }, () => assertEquals(whyNotShown(), undefined));
  } finally {
    for (const path of [own, outside, link]) await Deno.remove(path);
  }
});
