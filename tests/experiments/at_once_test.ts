import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { readRunRecord } from "../../lib/runs/folder/run_record.ts";
import { withFolder } from "../support/runs/with_folder.ts";
import { startArm, tinyName } from "../support/experiments/tiny_task.ts";

Deno.test("of two equal starts at once, one says who has it; another arm shares their first stages", () =>
  withFolder(async (results) => {
    const start = (arm: string) => startArm(arm, { results });
    const tasks = await Promise.all([start("mutual"), start("mutual"), start("no_similarity")]);
    const [first, second, another] = tasks;
    const ended = await Promise.all([first.ended, second.ended, another.ended]);
    const texts = ended.map(({ stderr }) => stderr).join("\n");
    assertEquals([ended[0].code, ended[1].code].sort(), [0, 2], texts);
    assertEquals(ended[2].code, 0, texts);
    const [refused, holding] = ended[0].code === 2 ? [ended[0], second] : [ended[1], first];
    const holder = `process ${holding.process} on ${Deno.hostname()} since `;
    assertMatch(
      refused.stderr,
      new RegExp(`the very same run is in progress by ${holder}.*v001\\.partial`),
    );
    const runs = ["mutual", "no_similarity"].map((arm) => join(results, tinyName, arm, "default"));
    for (const run of runs) {
      assertEquals((await Array.fromAsync(Deno.readDir(run))).map(({ name }) => name), ["v001"]);
    }
    const records = await Promise.all(runs.map(async (run) => (await readRunRecord(join(run, "v001")))!));
    for (const stage of [0, 1]) {
      const [one, other] = [records[0]!.stages[stage]!, records[1]!.stages[stage]!];
      assertEquals(one.hash, other.hash);
      assert(one.reused !== other.reused, `${one.name} was computed once`);
    }
    assert(records.every(({ stages }) => !stages[2]!.reused));
  }));
