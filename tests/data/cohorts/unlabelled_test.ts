import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { parseCohort } from "../../../lib/data/cohorts/read_cohort.ts";
import { resolveStudy } from "../../../lib/data/cohorts/resolve_study.ts";
import type { Study } from "../../../lib/data/cohorts/study.ts";
import { InvalidFileError } from "../../../lib/data/json_file.ts";
import { tinyCohort } from "../../support/data/cohorts/tiny_cohort.ts";
import {
  inTempFolder,
  tinyCases,
  writeDecathlon,
  writeNnunet,
} from "../../support/data/datasets/tiny_dataset.ts";

// deno-lint-ignore no-explicit-any -- tests break it
const tiny = (change?: (json: any) => void) => parseCohort(tinyCohort(change), "tiny.json");
const ids = (cases: readonly { id: string }[] = []) => cases.map(({ id }) => id);

/** Of folder one's 20 cases, 3 and 4 have no Liver annotated; of folder two's, 21 to 24 have no label map. */
async function writeTinyData(root: string): Promise<void> {
  await writeDecathlon(join(root, "one"), tinyCases(20), { annotated: { case_3: ["Spleen"], case_4: [] } });
  await writeNnunet(join(root, "two"), tinyCases(20, 21));
  await writeDecathlon(join(root, "full"), tinyCases(4, 41));
  for (const id of [21, 22, 23, 24]) {
    await Deno.remove(join(root, "two", "labelsTr", `case_${id}.nii.gz`));
  }
}

const everywhere = { training: { fraction: [0, 1] }, validation: ["case_20"] };
const roles = ({ datasets }: Study) => datasets.map(({ training, validation }) => [training, validation]);

Deno.test("cases without labels are dropped, unless a dataset uses them", () =>
  inTempFolder(async (dataRoot) => {
    await writeTinyData(dataRoot);
    const plain = await resolveStudy(tiny(), { dataRoot });
    const dropped = await resolveStudy(tiny((json) => json.datasets[0].unlabelled = "drop"), { dataRoot });
    assertEquals(dropped, plain);
    assert(plain.datasets.every((dataset) => !("unlabelled" in dataset)));
    const used = await resolveStudy(tiny((json) => json.datasets[1].unlabelled = "use"), { dataRoot });
    assertEquals(roles(used), roles(plain), "labelled cases stay the same");
    assert(!("unlabelled" in used.datasets[0]!));
    const { training, validation, unlabelled } = used.datasets[1]!;
    assert(unlabelled!.length > 0 && ids(unlabelled).every((id) => +id.slice(5) < 25), `${ids(unlabelled)}`);
    assertEquals(training.length + validation.length, 16);
    assertEquals(Object.keys(unlabelled![0]!).sort(), ["dataset", "id", "image", "subject"]);
  }));

Deno.test("unlabelled cases are those of training's split and fraction; count and requires are of labels", () =>
  inTempFolder(async (dataRoot) => {
    await writeTinyData(dataRoot);
    const used = async (training: unknown) => {
      const cohort = tiny((json) =>
        Object.assign(json.datasets[0], { ...everywhere, training, unlabelled: "use" })
      );
      const one = (await resolveStudy(cohort, { dataRoot, showAll: true })).datasets[0]!;
      return [one.training.length, ids(one.unlabelled)];
    };
    assertEquals(await used({ count: 2, requires: ["Liver"] }), [2, ["case_3", "case_4"]]);
    assertEquals(await used(["case_1", "case_4"]), [1, ["case_4"]]);
    const [, low] = await used({ fraction: [0, 0.5], count: 1 });
    const [, high] = await used({ fraction: [0.5, 1], count: 1 });
    assertEquals([low, high].flat().sort(), ["case_3", "case_4"]);
  }));

Deno.test("a Decathlon list may have cases without a label map", () =>
  inTempFolder(async (dataRoot) => {
    await writeTinyData(dataRoot);
    const files = (id: string) => ({ image: `./imagesTr/${id}.nii.gz`, label: `./labelsTr/${id}.nii.gz` });
    await writeDecathlon(join(dataRoot, "one"), tinyCases(20), {
      training: tinyCases(20).map(({ id }) => id === "case_7" ? { image: files(id).image } : files(id)),
    });
    const cohort = tiny((json) => {
      Object.assign(json.datasets[0], { training: ["case_1", "case_7"], unlabelled: "use" });
      json.datasets[0].validation = ["case_2"];
    });
    const { datasets, warnings } = await resolveStudy(cohort, { dataRoot });
    const one = datasets[0]!;
    assertEquals([ids(one.training), ids(one.unlabelled), warnings], [["case_1"], ["case_7"], []]);
  }));

Deno.test("a person without labels in training is in training; none to be used is a warning", () =>
  inTempFolder(async (dataRoot) => {
    await writeTinyData(dataRoot);
    const same = tiny((json) => {
      Object.assign(json.datasets[0], { training: ["case_1", "case_3"], unlabelled: "use" });
      json.datasets[0].validation = ["case_2"];
      json.test[0] = { name: "full", folder: "one", cases: ["case_3"] };
    });
    await assertRejects(
      () => resolveStudy(same, { dataRoot }),
      InvalidFileError,
      "subject one/case_3 is in training of one (case_3) and in test of full (case_3)",
    );
    const listed = tiny((json) => {
      Object.assign(json.datasets[0], { training: ["case_1", "case_99"], unlabelled: "use" });
    });
    await assertRejects(
      () => resolveStudy(listed, { dataRoot }),
      InvalidFileError,
      "no case is called case_99",
    );
    const bare = tiny((json) => {
      Object.assign(json.datasets[0], { training: ["case_3"], validation: ["case_2"], unlabelled: "use" });
    });
    await assertRejects(
      () => resolveStudy(bare, { dataRoot }),
      InvalidFileError,
      "training of one: one of the organs must be annotated in some case, it is in none of them",
    );
    const none = tiny((json) => {
      Object.assign(json.datasets[0], { training: ["case_1"], validation: ["case_2"], unlabelled: "use" });
    });
    const { warnings, datasets } = await resolveStudy(none, { dataRoot });
    assertEquals(datasets[0]!.unlabelled, []);
    assertEquals(warnings, [
      "dataset one: every training case is labelled, none is there to be used unlabelled",
    ]);
  }));
