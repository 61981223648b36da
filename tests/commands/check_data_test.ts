import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { checkData } from "../../lib/commands/check_data.ts";
import { tinyCohort } from "../support/data/cohorts/tiny_cohort.ts";
import {
  inTempFolder,
  type TinyCase,
  tinyCases,
  writeDecathlon,
} from "../support/data/datasets/tiny_dataset.ts";
import { withOutput } from "../support/commands/with_output.ts";

Deno.test("check-data exits 0 with warnings, 1 with errors, 2 without a name", () =>
  inTempFolder(async (folder) => {
    const check = async (cases: TinyCase[]) => {
      await writeDecathlon(folder, cases);
      return await withOutput(() => checkData([folder]));
    };
    const fine = await check(tinyCases(2));
    assertEquals(fine.result, 0);
    const warned = await check([{ id: "case_1", labels: [1] }]);
    assertEquals(warned.result, 0);
    assert(
      warned.text.includes("0 errors, 1 warning\n") && warned.text.includes("Spleen is annotated"),
      warned.text,
    );
    const wrong = await check([{ id: "case_1", labels: [9] }, { id: "case_2", labelEdge: 5 }]);
    assertEquals(wrong.result, 1);
    assert(["case_1", "case_2", "not declared: 9"].every((words) => wrong.text.includes(words)), wrong.text);
    assertEquals((await withOutput(() => checkData([]))).result, 2);
    await assertRejects(() => checkData(["no_such_cohort"]), Error, "must be one of");
  }));

Deno.test("check-data of a cohort checks its folders, and its choice of cases", () =>
  inTempFolder(async (folder) => {
    for (const [name, start] of [["one", 1], ["two", 21], ["full", 41]] as const) {
      await writeDecathlon(join(folder, name), tinyCases(20, start));
    }
    const path = join(folder, "tiny.json");
    const check = async (change?: Parameters<typeof tinyCohort>[0]) => {
      const json = tinyCohort(change);
      for (const entry of [...json.datasets, ...json.test]) entry.folder = join(folder, entry.folder);
      await Deno.writeTextFile(path, JSON.stringify(json));
      return await withOutput(() => checkData([path]));
    };
    const fine = await check();
    assertEquals(fine.result, 0, fine.text);
    const wrong = await check((json) => json.datasets[0].training = ["case_99"]);
    assertEquals(wrong.result, 1);
    assert(wrong.text.includes("no labelled case is called case_99"), wrong.text);
    await Deno.remove(join(folder, "one"), { recursive: true });
    await Deno.remove(join(folder, "two"), { recursive: true });
    await Deno.remove(join(folder, "full"), { recursive: true });
    await assertRejects(() => checkData([path]), Error, "CONSILIUM_DATA must be the folder that holds");
  }));
