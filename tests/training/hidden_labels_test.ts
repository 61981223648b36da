import { assertEquals, assertNotEquals } from "@std/assert";
import { createRandom, integer } from "../../lib/data/random.ts";
import { inTemporaryFolder } from "../support/data/store/stored_cases.ts";
import { trainPartialOrganModels } from "../support/methods/stages.ts";
import { type LabelFiles, studyFromFiles } from "../support/training/study_from_files.ts";
import { memoryRecorder } from "../support/training/memory_recorder.ts";
import { digestOf } from "../support/training/tiny_learners.ts";

async function trainFromFiles(folder: string, files: LabelFiles): Promise<string[]> {
  const prepared = await studyFromFiles(folder, files);
  const recorder = memoryRecorder();
  const models = await trainPartialOrganModels(prepared, recorder, { steps: 3, rampUp: 0 });
  const digests = models.map(({ model }) => digestOf(model));
  const { inputs } = recorder.stages[0]!;
  models.forEach(({ model }) => model.dispose());
  recorder.dispose();
  return [...digests, JSON.stringify(inputs)];
}

Deno.test("hidden organs' labels never reach training: poisoned files give the same bits and the same identity", async () => {
  const random = createRandom("poison");
  const train = async (files: LabelFiles) => {
    let result!: string[];
    await inTemporaryFolder(async (folder) => void (result = await trainFromFiles(folder, files)));
    return result;
  };
  const honest = await train({ hidden: () => 3 });
  assertEquals(await train({ hidden: () => 0 }), honest);
  assertEquals(await train({ hidden: () => integer(random, [3, 9]) }), honest);
  const seen = await train({ hidden: () => 3, shownShift: 1 });
  for (const [i, part] of seen.entries()) assertNotEquals(part, honest[i], "shown labels do matter");
});
