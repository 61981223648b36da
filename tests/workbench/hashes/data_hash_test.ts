import { assertEquals, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import { contentOf } from "../../../lib/data/store/prepared_study.ts";
import { fileHash } from "../../../lib/files/seal.ts";
import { contentHash } from "../../../lib/files/content_hash.ts";
import { casesByRole } from "../../../lib/workbench/hashes/data_hash.ts";
import { hashingOnce, hashOfFile } from "../../../lib/imaging/scan_hash.ts";
import type { LoadedStudy } from "../../../lib/workbench/load_study.ts";
import { inTempFolder, tinyCases, writeDecathlon } from "../../support/data/datasets/tiny_dataset.ts";
import { loadTiny } from "../../support/workbench/tiny_session.ts";

async function writeTinyData(root: string): Promise<void> {
  const annotated = Object.fromEntries(tinyCases(20).map(({ id }) => [id, ["Liver"]]));
  await writeDecathlon(join(root, "one"), tinyCases(20), { annotated });
  await writeDecathlon(join(root, "two"), tinyCases(20, 21));
  await writeDecathlon(join(root, "full"), tinyCases(2, 41));
}

/** As finished runs have it, whose data were all as usual. */
async function usualHash(study: LoadedStudy): Promise<string> {
  const { organs, preprocessing, patch, network, training } = study;
  return await contentHash({
    stored: casesByRole(study).map(([role, all]) => [role, all.map(contentOf)]),
    test: await Promise.all(study.test.map(async ({ id, image, label, labelSet }) => {
      return { id, scan: await hashOfFile(image), truth: await hashOfFile(label), labelSet };
    })),
    settings: [organs, preprocessing, patch, network, training],
  });
}

Deno.test("what is as usual leaves the hashes of finished runs as they are", () =>
  inTempFolder(async (folder) => {
    await writeTinyData(folder);
    const study = await loadTiny(folder);
    assertEquals(study.data.hash, await usualHash(study));
  }));

Deno.test("two organs that change their numbers in a test set's dataset.json are other data", () =>
  inTempFolder(async (folder) => {
    await writeTinyData(folder);
    const before = await loadTiny(folder);
    const labels = { "0": "background", "2": "Liver", "1": "Spleen" };
    await writeDecathlon(join(folder, "full"), tinyCases(2, 41), { labels });
    const swapped = await loadTiny(folder);
    assertEquals(await usualHash(swapped), await usualHash(before));
    assertNotEquals(swapped.data.hash, before.data.hash);
    await writeDecathlon(join(folder, "full"), tinyCases(2, 41), {
      labels: { "0": "background", "1": "Liver", "2": "Spleen", "3": "Hepar" },
    });
    const aliased = await loadTiny(folder, (json) => json.organs[0].aliases = ["Hepar"]);
    assertNotEquals(aliased.data.hash, before.data.hash, "a second value of an organ");
  }));

Deno.test("an organ that is shown and annotated nowhere is other data: networks have a channel for it", () =>
  inTempFolder(async (folder) => {
    await writeTinyData(folder);
    const less = await loadTiny(folder);
    const more = await loadTiny(folder, (json) => json.datasets[0].organs.push("Spleen"));
    assertEquals(more.datasets[0]!.training, less.datasets[0]!.training);
    assertEquals(await usualHash(more), await usualHash(less));
    assertNotEquals(more.data.hash, less.data.hash);
  }));

Deno.test("of networks in bfloat16 the version of that is part of the data's hash", () =>
  inTempFolder(async (folder) => {
    await writeTinyData(folder);
    const study = await loadTiny(folder, (json) => json.network.precision = "bfloat16");
    assertNotEquals(study.data.hash, await usualHash(study));
    const float32 = await loadTiny(folder, (json) => json.network.precision = "float32");
    assertEquals(float32.data.hash, await usualHash(float32));
  }));

Deno.test("a file that is part of several hashes is read once", () =>
  inTempFolder(async (folder) => {
    const path = join(folder, "scan"), hashFile = hashingOnce();
    await Deno.writeTextFile(path, "one");
    const hash = await hashOfFile(path);
    assertEquals(await hashFile(path), hash);
    await Deno.writeTextFile(path, "two");
    assertEquals(await hashFile(path), hash);
    assertNotEquals(await hashingOnce()(path), hash);
  }));

Deno.test("a pair of files is another one when either of them is, whichever is named", () =>
  inTempFolder(async (folder) => {
    const header = join(folder, "a.hdr"), image = join(folder, "a.img"), single = join(folder, "a.nii");
    for (const path of [header, image, single]) await Deno.writeTextFile(path, "as it was");
    const before = await hashOfFile(header);
    assertEquals(await hashOfFile(image), before);
    assertEquals(await hashOfFile(single), await fileHash(single));
    await Deno.writeTextFile(image, "other voxels");
    assertNotEquals(await hashOfFile(header), before);
  }));
