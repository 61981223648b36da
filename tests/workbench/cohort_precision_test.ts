/** Who asks the machine what the precision `auto` is. */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { projectRoot } from "../../lib/setup/tool_paths.ts";
import { taskPermissions } from "../support/commands/tasks.ts";
import { hasBfloat16 } from "../../lib/tensors/bfloat16.ts";
import { loadStudy } from "../../lib/workbench/load_study.ts";
import { tinyCohort } from "../support/data/cohorts/tiny_cohort.ts";
import { inTempFolder, tinyCases, writeDecathlon } from "../support/data/datasets/tiny_dataset.ts";

/** A cohort of three folders that leaves the precision to the machine; the test is given its path. */
function withAuto(test: (path: string) => Promise<void>): Promise<void> {
  return inTempFolder(async (folder) => {
    for (const [name, start] of [["one", 1], ["two", 21], ["full", 41]] as const) {
      await writeDecathlon(join(folder, name), tinyCases(20, start));
    }
    const json = tinyCohort((json) => json.network.precision = "auto");
    for (const entry of [...json.datasets, ...json.test]) entry.folder = join(folder, entry.folder);
    const path = join(folder, "tiny.json");
    await Deno.writeTextFile(path, JSON.stringify(json));
    await test(path);
  });
}

const READS = {
  "check-data": ["check_cohort.ts", "checkCohort"],
  evaluate: ["cohort_paths.ts", "findCohort"],
  view: ["load_study.ts", "findStudy"],
} as const;

for (const [command, [module, read]] of Object.entries(READS)) {
  Deno.test(`${command} reads a cohort whose precision is auto, with its task's permissions`, () =>
    withAuto(async (path) => {
      const permissions = taskPermissions(command);
      assert(!permissions.some((permission) => permission.startsWith("--allow-ffi")), permissions.join(" "));
      const program = `import { ${read} } from "file://${projectRoot}/lib/workbench/${module}";
        await ${read}(${JSON.stringify(path)});`;
      const { success, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "--quiet", "--no-prompt", "--no-check", ...permissions],
          ...["--config", "deno.json", `data:text/typescript,${encodeURIComponent(program)}`],
        ],
        cwd: projectRoot,
        stdout: "null",
      }).output();
      assert(success, new TextDecoder().decode(stderr));
    }));
}

Deno.test("what is trained with has the machine's precision", () =>
  withAuto(async (path) => {
    const { network } = await loadStudy(path);
    assertEquals(network.precision, hasBfloat16() ? "bfloat16" : undefined);
  }));
