import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { readNifti } from "../../lib/imaging/nifti/read_nifti.ts";
import { hasBfloat16 } from "../../lib/tensors/bfloat16.ts";
import { gpuVariable } from "../../lib/tensors/gpu.ts";
import { startTask } from "../support/commands/tasks.ts";
import { tinyRun, writeOddScan } from "../support/commands/tiny_run.ts";
import { withOutput } from "../support/commands/with_output.ts";
import { withFolder } from "../support/runs/with_folder.ts";
import { runScript } from "../support/setup/run_script.ts";

const NOTE = "computed in float32: this processor has no bfloat16, or none that oneDNN may use";
/** Each hides bfloat16, on any machine. */
const without: Record<string, string>[] = [
  { [gpuVariable]: "none", ONEDNN_MAX_CPU_ISA: "AVX2" },
  { [gpuVariable]: "none", TF_ENABLE_ONEDNN_OPTS: "0" },
];

Deno.test("where there is no bfloat16 predict computes in float32, and says so", () =>
  withFolder(async (folder) => {
    const scan = join(folder, "scan.nii.gz");
    await writeOddScan(scan);
    const runs = await withOutput(async () => ({
      float32: await tinyRun(join(folder, "float32")),
      bfloat16: await tinyRun(join(folder, "bfloat16"), { precision: "bfloat16" }),
    }));
    const predicted = async (precision: "float32" | "bfloat16", env: Record<string, string>) => {
      const out = join(folder, "out", precision, Object.keys(env).join());
      const args = ["--run", runs.result[precision], scan, "--out", out];
      const { code, stderr } = await startTask("predict", args, env);
      assertEquals(code, 0, stderr);
      const notes = stderr.split("\n").filter((line) => line.startsWith("Note: "));
      return { notes, labels: (await readNifti(join(out, "scan.nii.gz"))).data };
    };
    for (const env of without) {
      const { labels } = await predicted("float32", env);
      assertEquals(await predicted("bfloat16", env), { notes: [`Note: ${NOTE}`], labels });
    }
    const { notes } = await predicted("bfloat16", {});
    assertEquals(notes, hasBfloat16() ? [] : [`Note: ${NOTE}`]);
  }));

Deno.test("so do models that another machine trained for a run, which says so once", () =>
  withFolder(async (folder) => {
    const script = `import { createUnet } from "lib/models/unet.ts";
      import { snapshotWeights } from "lib/models/weights.ts";
      import { noteArithmetic } from "lib/workbench/session/note_arithmetic.ts";
      import { tf } from "lib/tensors/tf.ts";
      import { trainPartialOrganModels } from "tests/support/methods/stages.ts";
      import { makeTinyStudy } from "tests/support/training/tiny_study.ts";
      const study = await makeTinyStudy("${folder}/store", [[1]]);
      const trained = createUnet({ ...study.network, classes: 2, seed: 5 });
      const tensors = Object.fromEntries(
        Object.entries(snapshotWeights(trained)).map(([name, tensor]) => ["a/" + name, tensor]),
      );
      const stage = {
        finished: true,
        restore: () => Promise.resolve({ tensors, meta: { models: { a: { score: 0.5, step: 3 } } } }),
      };
      study.network.precision = "bfloat16";
      const recorder = { signal: new AbortController().signal, stage: () => Promise.resolve(stage) };
      const [{ model }] = await trainPartialOrganModels(study, recorder);
      const image = tf.randomNormal([1, 8, 8, 8, 1], 0, 1, "float32", 1);
      const [here, there] = [model, trained].map((unet) => unet.predict(image).logits.dataSync());
      const notes = [];
      for (let times = 0; times < 2; times++) {
        noteArithmetic(study, { record: { notes }, note: (text) => notes.push(text) });
      }
      console.log(JSON.stringify({ equal: here.every((logit, k) => logit === there[k]), notes }));`;
    const { stdout, stderr } = await runScript(script, { env: without[0]! });
    assertEquals(stderr, "");
    assertEquals(JSON.parse(stdout), { equal: true, notes: [NOTE] });
  }));
