import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { readRunRecord } from "../../lib/runs/folder/run_record.ts";
import { withFolder } from "../support/runs/with_folder.ts";
import { startArm, tinyName } from "../support/experiments/tiny_task.ts";

Deno.test("of two equal starts at once, one says who has it; another arm shares their first stages", () =>
  withFolder(async (results) => {
    const tasks = await Promise.all(
      ["mutual", "mutual", "no_similarity"].map((arm) => startArm(arm, { results })),
    );
    const ended = await Promise.all(tasks.map(({ ended }) => ended));
    const texts = ended.map(({ stderr }) => stderr).join("\n");
    assertEquals(ended.map(({ code }) => code).slice(0, 2).sort(), [0, 2], texts);
    assertEquals(ended[2].code, 0, texts);
    const refused = ended[0].code === 2 ? 0 : 1;
    const holder = `process ${tasks[1 - refused].process} on ${Deno.hostname()} since `;
    assertMatch(
      ended[refused].stderr,
      new RegExp(`the very same run is in progress by ${holder}.*v001\\.partial`),
    );
    const runs = ["mutual", "no_similarity"].map((arm) => join(results, tinyName, arm, "default"));
    for (const run of runs) {
      assertEquals((await Array.fromAsync(Deno.readDir(run))).map(({ name }) => name), ["v001"]);
    }
    const records = await Promise.all(runs.map(async (run) => (await readRunRecord(join(run, "v001")))!));
    for (const stage of [0, 1]) {
      const [one, other] = records.map(({ stages }) => stages[stage]);
      assertEquals(one.hash, other.hash);
      assert(one.reused !== other.reused, `${one.name} was computed once`);
    }
    assert(records.every(({ stages }) => !stages[2].reused));
  }));
