import { assertEquals } from "@std/assert";
import { checkDataset } from "../../../lib/data/datasets/check_dataset.ts";
import { inTempFolder, writeNnunet } from "../../support/data/datasets/tiny_dataset.ts";

Deno.test("an ignored value is declared; a label map of nothing else is odd", () =>
  inTempFolder(async (folder) => {
    const cases = [
      { id: "some", labels: [1, 2, 3] },
      { id: "all", labels: Array<number>(64).fill(3) },
      { id: "another", labels: [1, 2, 4] },
    ];
    await writeNnunet(folder, cases, { labels: { background: 0, Liver: 1, Spleen: 2, ignore: 3 } });
    const { findings } = await checkDataset(folder);
    assertEquals(findings.map(({ severity, case: id, message }) => `${severity} ${id}: ${message}`), [
      "warning all: no voxel is annotated: all are ignored",
      "warning all: Liver is annotated but has no voxel",
      "warning all: Spleen is annotated but has no voxel",
      "error another: label map has values that are not declared: 4 (1 voxels)",
    ]);
  }));
