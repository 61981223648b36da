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

Deno.test("plan learns from no dataset that labels every organ, tests on those named, and looks at what is shown", () =>
  inTempFolder(async (folder) => {
    const scans = tinyCases(5), ids = scans.map(({ id }) => id);
    const part = await writeDecathlon(join(folder, "part"), scans, {
      annotated: Object.fromEntries(ids.map((id) => [id, ["Liver"]])),
    });
    const full = await writeDecathlon(join(folder, "full"), tinyCases(5, 11));
    const aside = await writeNnunet(join(folder, "aside"), tinyCases(5, 21));
    const planned = async (name: string, args: string[]) => {
      const out = join(folder, `${name}.json`);
      const { text } = await withOutput(() => plan([part, full, "--test", aside, "--out", out, ...args]));
      const { datasets, test } = await readCohort(out);
      return {
        text,
        learnt: datasets.map(({ folder, organs }) => [folder, organs]),
        tested: test.map(({ folder }) => folder),
      };
    };
    const plain = await planned("plain", []);
    assertEquals([plain.learnt, plain.tested], [[[part, ["Liver"]]], [part, full, aside]]);
    assertStringIncludes(plain.text, "labels every organ: it is only tested");
    const all = await planned("all", ["--train-all"]);
    assertEquals(all.learnt, [[part, ["Liver"]], [full, ["Liver", "Spleen"]]]);
    const shown = await planned("shown", ["--show", "full=Spleen"]);
    assertEquals([shown.learnt, shown.tested], [[[part, ["Liver"]], [full, ["Spleen"]]], [
      part,
      full,
      aside,
    ]]);
    await assertRejects(() => planned("wrong", ["--show", "fall=Spleen"]), Error, "fall");
    await assertRejects(() => planned("wrong", ["--show", "full=Kidney"]), Error, "it names Kidney");
    assertEquals([...Deno.readDirSync(folder)].filter(({ name }) => name.includes("wrong")), []);
  }));

Deno.test("what a study hides and what it is tested by changes no letter of its plan", () =>
  inTempFolder(async (folder) => {
    const planned = async (name: string, hidden: number[]) => {
      const root = join(folder, name), out = join(root, "out.json");
      const scans = (seed: number, labels: number[]) =>
        tinyCases(5, seed).map((scan) => ({ ...scan, labels, intensities: [9, 8, 7, 6, 5] }));
      const part = await writeDecathlon(join(root, "part"), scans(1, [1, 1, ...hidden]));
      const rest = await writeDecathlon(join(root, "rest"), scans(11, [2, 2]), {
        annotated: Object.fromEntries(scans(11, []).map(({ id }) => [id, ["Spleen"]])),
      });
      const test = await writeDecathlon(join(root, "test"), scans(21, [1, 2, ...hidden]));
      await withOutput(() => plan([part, rest, "--show", "part=Liver", "--test", test, "--out", out]));
      return (await Deno.readTextFile(out)).replaceAll(root, "");
    };
    const plain = await planned("plain", [2, 0, 0]);
    assertStringIncludes(plain, '"Liver"');
    assertEquals(await planned("poisoned", [0, 2, 2]), plain);
    // What is shown does count.
    assertEquals(await planned("other", [0, 1, 1]) === plain, false);
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

Deno.test("plan refuses a folder named twice, a test without an organ in common, and one scan in two roles", () =>
  inTempFolder(async (folder) => {
    const one = await writeDecathlon(join(folder, "one"), tinyCases(5));
    const out = join(folder, "mine.json"), link = join(folder, "link");
    await Deno.symlink(one, link);
    const refused = async (args: string[], told: string) => {
      const { message } = await assertRejects(() => withOutput(() => plan([...args, "--out", out])), Error);
      assertStringIncludes(message, told);
      assertEquals([...Deno.readDirSync(folder)].filter(({ name }) => name.startsWith("mine")), []);
    };
    await refused([one, one], `this is named twice (${one})`);
    await refused([one, "--test", link], `this is ${one} once more (${link})`);

    const labels = { "0": "background", "1": "Uterus" };
    const foreign = await writeDecathlon(join(folder, "foreign"), tinyCases(2, 31), { labels });
    await refused(
      [one, "--test", foreign],
      "must label an organ that the others show (Liver, Spleen), Tiny labels Uterus",
    );

    // The same scans under other names, as public datasets overlap.
    const copies = join(folder, "copies");
    await writeDecathlon(copies, tinyCases(5, 41));
    for (let index = 1; index <= 5; index++) {
      const image = (folder: string, start: number) => join(folder, `imagesTr/case_${start + index}.nii.gz`);
      await Deno.copyFile(image(one, 0), image(copies, 40));
    }
    await refused([one, "--test", copies], "Cannot plan: scans must have one role");
  }));
