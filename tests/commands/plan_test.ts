import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { plan } from "../../lib/commands/plan.ts";
import { readCohort } from "../../lib/data/cohorts/read_cohort.ts";
import {
  inTempFolder,
  tinyCases,
  writeDecathlon,
  writeNnunet,
} from "../support/data/datasets/tiny_dataset.ts";
import { codeOf } from "../../lib/terminal/exit_with.ts";
import { startTask } from "../support/commands/tasks.ts";
import { withOutput } from "../support/commands/with_output.ts";

Deno.test("plan writes a cohort once, and says what to type next", () =>
  inTempFolder(async (folder) => {
    const one = await writeDecathlon(join(folder, "one"), tinyCases(5));
    const two = await writeNnunet(join(folder, "two"), tinyCases(5, 11));
    const out = join(folder, "mine.json");
    const { result, text } = await withOutput(() => plan([one, two, "--name", "mine", "--out", out]));
    assertEquals(result, 0);
    for (const words of ["GiB of memory", "training", `check-data ${out}`, `--cohort ${out}`]) {
      assert(text.includes(words), text);
    }
    const cohort = await readCohort(out);
    assertEquals([cohort.name, cohort.datasets.map((dataset) => dataset.folder)], ["mine", [one, two]]);
    await assertRejects(() => plan([one, "--out", out]), Error, "must not be there yet");
    const other = join(folder, "other.json");
    await withOutput(() => plan([one, "--out", other, "--spacing", "4,2,2"]));
    assertEquals((await readCohort(other)).preprocessing.spacingMm, [4, 2, 2]);
  }));

Deno.test("plan called wrongly exits 2 and writes nothing", () =>
  inTempFolder(async (folder) => {
    const out = join(folder, "mine.json");
    for (const args of [[], ["x", "--nmae", "y"], ["x", "--name", "a b"], ["x", "--spacing", "1,2"]]) {
      assertEquals(
        (await withOutput(() => codeOf(plan, [...args, "--out", out]))).result,
        2,
        String(args),
      );
    }
    await assertRejects(
      () => plan([join(folder, "nowhere"), "--out", out]),
      Error,
      "there is no such folder",
    );
    assertEquals([...Deno.readDirSync(folder)], []);
  }));

Deno.test("plan exits 2 for data that are wrong and a file that is there, as other commands do", () =>
  inTempFolder(async (folder) => {
    const there = join(folder, "there.json");
    await Deno.writeTextFile(there, "{}");
    for (
      const [out, said] of [[join(folder, "new.json"), "no such file"], [there, "must not be there yet"]]
    ) {
      const { code, stderr } = await startTask("plan", [folder, "--out", out]);
      assertEquals(code, 2, stderr);
      assertStringIncludes(stderr, said);
    }
  }));
