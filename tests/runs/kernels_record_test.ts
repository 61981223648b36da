import { assertEquals } from "@std/assert";
import { isOnGpu } from "../../lib/tensors/tf.ts";
import { runScript } from "../support/setup/run_script.ts";
import { withFolder } from "../support/runs/with_folder.ts";

const training = (folder: string, side: number) =>
  `import { loadTensors, saveTensors } from "lib/models/checkpoint.ts";
  import { readRunRecord } from "lib/runs/folder/run_record.ts";
  import { openRun } from "lib/runs/open_run.ts";
  import { chosenForms } from "lib/tensors/quickest.ts";
  import { trainPartialOrganModels } from "tests/support/methods/stages.ts";
  import { fakeOptions } from "tests/support/runs/fake_training.ts";
  import { makeTinyStudy } from "tests/support/training/tiny_study.ts";
  const study = await makeTinyStudy("${folder}/store", [[1]]);
  study.patch = [${side}, ${side}, ${side}];
  const run = await openRun("independent", { cohort: "toy", seed: ${side} }, {
    ...fakeOptions("${folder}/results"),
    storage: { saveState: saveTensors, loadState: loadTensors },
  });
  await trainPartialOrganModels(study, run, { steps: 1 });
  const { machine } = await readRunRecord(run.folder);
  console.log(JSON.stringify([machine.kernels, chosenForms()]));
  await run.fail(new Error("enough"));`;

/** What run.json says, and what the process knows. */
async function kernelsOf(folder: string, side: number) {
  const { stdout, stderr } = await runScript(training(folder, side));
  assertEquals(stderr, "");
  return JSON.parse(stdout.trimEnd().split("\n").at(-1)!);
}

Deno.test({
  name: "run.json says in which forms a run that trained had its gradients computed",
  ignore: isOnGpu, // there is no choice
  fn: () =>
    withFolder(async (folder) => {
      const [recorded, chosen] = await kernelsOf(folder, 16);
      assertEquals(Object.keys(recorded), ["filter gradient"]);
      assertEquals(recorded, chosen);
      assertEquals(await kernelsOf(folder, 8), [{}, {}], "so small volumes leave no choice");
    }),
});
