import { assert, assertEquals } from "@std/assert";
import type { Recorder } from "../../lib/training/recorder.ts";
import { inTemporaryFolder } from "../support/data/store/stored_cases.ts";
import { trainFullOrganModels, trainPartialOrganModels } from "../support/methods/stages.ts";
import { countKernels, type KernelCount } from "../support/training/kernel_count.ts";
import { memoryRecorder } from "../support/training/memory_recorder.ts";
import { completeTiny, makeTinyStudy } from "../support/training/tiny_study.ts";

/**
 * What one step of three tiny models may cost at most: what it cost when this was last looked at. A step that costs more
 * is slower on every machine, which no timing in a test could tell. Volumes of 8³ leave no choice of kernels, see
 * filter_gradient.ts: the count is that of every processor.
 */
const MOST: Record<"partial_organ" | "full_organ", KernelCount> = {
  partial_organ: { kernels: 2172, bytes: 3766782 },
  full_organ: { kernels: 2221, bytes: 4603028 },
};

const STEPS = 3;

/** All models are validated before the last two steps: who teaches is known then. */
const TRAINED = STEPS + 1;

/** Of the third step; those before make what is made once, and in the last one gradients of terms are measured. */
async function costOfStep(train: (recorder: Recorder) => Promise<unknown>): Promise<KernelCount> {
  const counting = countKernels();
  try {
    let before: KernelCount = { kernels: 0, bytes: 0 }, cost: KernelCount | undefined;
    const recorder = memoryRecorder({
      onProgress({ step }) {
        const { kernels, bytes } = counting.count;
        if (step === STEPS) cost ??= { kernels: kernels - before.kernels, bytes: bytes - before.bytes };
        before = { kernels, bytes };
      },
    });
    await train(recorder);
    recorder.dispose();
    return cost!;
  } finally {
    counting.stop();
  }
}

Deno.test("a step of each stage costs at most as many kernels and bytes as before, and always as many", async () => {
  await inTemporaryFolder(async (folder) => {
    const study = await makeTinyStudy(folder, [[1, 2], [3], [2, 4]]);
    study.training.validateEvery = STEPS - 1;
    const completed = await completeTiny(folder, study);
    const stages = {
      partial_organ: async (recorder: Recorder) => {
        const models = await trainPartialOrganModels(study, recorder, { steps: TRAINED });
        models.forEach(({ model }) => model.dispose());
      },
      // Who is the better teacher hangs on the last digits, and with that who is taught: so everyone is.
      full_organ: async (recorder: Recorder) => {
        const options = { steps: TRAINED, completed, teacherErrors: -1000 };
        const { models } = await trainFullOrganModels(study, recorder, options);
        models.forEach(({ model }) => model.dispose());
      },
    };
    for (const [name, train] of Object.entries(stages)) {
      const cost = await costOfStep(train);
      assertEquals(await costOfStep(train), cost, `${name}: equal steps must cost the same`);
      const most = MOST[name as keyof typeof MOST];
      for (const unit of ["kernels", "bytes"] as const) {
        const change = `a step of ${name} took ${most[unit]} ${unit} and takes ${cost[unit]}`;
        assert(cost[unit] <= most[unit], `${change}: find out why, or raise the number in MOST`);
      }
      if (cost.kernels < most.kernels || cost.bytes < most.bytes) {
        console.log(`A step of ${name} became cheaper: lower MOST to ${JSON.stringify(cost)}`);
      }
    }
  });
});
