import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { withFolder } from "../support/runs/with_folder.ts";
import { startModule } from "../support/experiments/tiny_task.ts";

Deno.test("all cells of a finished run, run again in its kernel, show the same and change no file", () =>
  withFolder(async (results) => {
    const { code, stdout, stderr } = await startModule("tests/support/experiments/cells_twice.ts", [], {
      results,
      permissions: ["-A"], // as a kernel has them
    }).ended;
    assertEquals(code, 0, stderr);
    const { same, equal, files, refusal } = JSON.parse(stdout.trimEnd().split("\n").at(-1)!);
    assertEquals([same, equal], [true, true]);
    assert(files > 5, `${files} files`);
    assertStringIncludes(refusal, "Cannot train single: the stage wants nothing from earlier cells");
    assertStringIncludes(refusal, "given is seed; parameters are those of the cell with startRun");
  }));
