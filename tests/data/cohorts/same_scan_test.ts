import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { checkDataset } from "../../../lib/data/datasets/check_dataset.ts";
import { parseCohort } from "../../../lib/data/cohorts/read_cohort.ts";
import { resolveStudy } from "../../../lib/data/cohorts/resolve_study.ts";
import { prepareStudy } from "../../../lib/data/store/prepared_study.ts";
import { checkData } from "../../../lib/commands/check_data.ts";
import { withOutput } from "../../support/commands/with_output.ts";
import { tinyCohort } from "../../support/data/cohorts/tiny_cohort.ts";
import { inTempFolder, tinyCases, writeDecathlon } from "../../support/data/datasets/tiny_dataset.ts";
import { sameScanProblems } from "../../../lib/data/cohorts/same_scan.ts";
import { withFolder } from "../../support/runs/with_folder.ts";

Deno.test("a link to a tested scan is that scan; one path in two roles is the people's affair, as are scans that are not there", () =>
  withFolder(async (folder) => {
    const scan = join(folder, "a.nii.gz"), link = join(folder, "link.nii.gz");
    await Deno.writeTextFile(scan, "");
    await Deno.symlink(scan, link);
    const of = (role: "training" | "test", image: string) => ({ role, dataset: role, id: "a", image });
    const [problem, ...others] = await sameScanProblems([of("training", link), of("test", scan)]);
    assertEquals([problem?.endsWith("is in training of training (a) and in test of test (a)"), others], [
      true,
      [],
    ]);
    assertEquals(await sameScanProblems([of("training", scan), of("test", scan)]), []);
    assertEquals(await sameScanProblems([of("training", link), of("training", scan)]), []);
    assertEquals(
      await sameScanProblems([of("training", join(folder, "b")), of("test", join(folder, "c"))]),
      [],
    );
  }));

/** Three datasets; the last case of `full` is a scan that another folder has, too. */
async function withCopy(root: string, from: string): Promise<void> {
  await writeDecathlon(join(root, "one"), tinyCases(2));
  await writeDecathlon(join(root, "two"), tinyCases(2, 11));
  await writeDecathlon(join(root, "full"), tinyCases(3, 21));
  await Deno.copyFile(join(root, from), join(root, "full/imagesTr/case_23.nii.gz"));
}

// deno-lint-ignore no-explicit-any -- tests break it in every way
async function prepare(root: string, change: (json: any) => void = () => {}) {
  const json = tinyCohort((json) => {
    Object.assign(json.datasets[0], { training: ["case_1"], validation: ["case_2"] });
    Object.assign(json.datasets[1], { training: ["case_11"], validation: ["case_12"] });
    change(json);
  });
  const study = await resolveStudy(parseCohort(json, "tiny.json"), { dataRoot: root });
  return await prepareStudy(study, { folder: join(root, "store") });
}

Deno.test("one scan in two roles is refused, whatever it is called; in one role it is told", () =>
  inTempFolder(async (root) => {
    await withCopy(root, "one/imagesTr/case_1.nii.gz");
    const error = await assertRejects(() => prepare(root), Error);
    assertEquals(
      error.message,
      "case_1 of one and case_23 of full are one scan: all their voxels are the same, one in training, the other in test: leave one of them out of its dataset.json",
    );
    const { warnings } = await prepare(root, (json) => {
      json.test[0].cases = ["case_21"];
      json.datasets.push({ ...json.datasets[0], name: "again", folder: "full", organs: ["Spleen"] });
      Object.assign(json.datasets[2], { training: ["case_23"], validation: ["case_22"] });
    });
    assert(
      warnings.includes("case_1 of one and case_23 of again are one scan: all their voxels are the same"),
    );
  }));

Deno.test("check-data tells of one scan in two folders, and of one that a dataset has twice", () =>
  inTempFolder(async (root) => {
    await withCopy(root, "one/imagesTr/case_1.nii.gz");
    const { result, text } = await withOutput(() => checkData([join(root, "one"), join(root, "full")]));
    assertEquals(result, 0);
    const words = text.replace(/[\s│]+/g, " ");
    assertStringIncludes(words, "one/imagesTr/case_1.nii.gz and full/imagesTr/case_23.nii.gz are one scan");
    await withCopy(root, "full/imagesTr/case_21.nii.gz");
    const { findings } = await checkDataset(join(root, "full"));
    assertEquals(findings.map(({ severity, message }) => `${severity}: ${message}`), [
      "warning: case_21 and case_23 are one scan: all their voxels are the same",
    ]);
  }));
