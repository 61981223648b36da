import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { loadStudy } from "../../lib/workbench/load_study.ts";
import { readRunRecord } from "../../lib/runs/folder/run_record.ts";
import { readNotebook } from "../../lib/runs/notebooks/notebook.ts";
import { projectRoot, toolPaths } from "../../lib/setup/tool_paths.ts";
import { withFolder } from "../support/runs/with_folder.ts";
import { tinyCohort, tinyName } from "../support/experiments/tiny_task.ts";

Deno.test("papermill itself runs an experiment from the project's folder into a whole run", () =>
  withFolder(async (results) => {
    const output = join(results, "out.ipynb");
    const parameters = ["-p", "seed", "2", "-p", "cohort", tinyCohort];
    const { code, stderr } = await new Deno.Command(toolPaths().papermill, {
      args: ["experiments/mutual.ipynb", output, ...parameters, "--no-progress-bar"],
      cwd: projectRoot,
      env: { CONSILIUM_RESULTS: results },
    }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    const folder = join(results, tinyName, "mutual", "seed_2", "v001");
    const record = (await readRunRecord(folder))!;
    assertEquals([record.status, record.seed, record.parameters.cohort], ["finished", 2, tinyCohort]);
    const { cells } = await readNotebook(output);
    const outputs = cells.flatMap(({ outputs = [] }) => outputs);
    assertEquals(outputs.filter(({ output_type }) => output_type === "error"), []);
    const curves = outputs.filter((one) => JSON.stringify(one).includes("Figure: Loss terms"));
    assertEquals(curves.length, 2, "updates leave one figure of each of the two trained stages");
    const study = await loadStudy(tinyCohort);
    assertEquals(record.cases, study.data.cases);
  }));
