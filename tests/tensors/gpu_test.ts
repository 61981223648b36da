import { assertEquals, assertThrows } from "@std/assert";
import {
  chooseGpu,
  gpuEnvironment,
  gpuSettings,
  listGpus,
  missingGpu,
  visibleGpus,
} from "../../lib/tensors/gpu.ts";
import { withFolder } from "../support/runs/with_folder.ts";
import { withEnv } from "../support/setup/with_env.ts";

const given = (variables: Record<string, string>) => new Map(Object.entries(variables));

const choices: [name: string, variables: Record<string, string>, device: string | undefined][] = [
  ["nothing said: the first", {}, "0"],
  ["a number", { CONSILIUM_GPU: "2" }, "2"],
  ["none", { CONSILIUM_GPU: "none" }, undefined],
  ["a scheduler's choice", { CUDA_VISIBLE_DEVICES: "3" }, "3"],
  ["the first of a scheduler's", { CUDA_VISIBLE_DEVICES: "2,5" }, "2"],
  ["a number among a scheduler's", { CUDA_VISIBLE_DEVICES: "2,5", CONSILIUM_GPU: "1" }, "5"],
  ["a part of a GPU", { CUDA_VISIBLE_DEVICES: "MIG-8a,MIG-9b", CONSILIUM_GPU: "1" }, "MIG-9b"],
  ["a scheduler gave none", { CUDA_VISIBLE_DEVICES: "" }, undefined],
  ["a scheduler gave none, in CUDA's other spelling", { CUDA_VISIBLE_DEVICES: "-1" }, undefined],
  ["the empty choice is none", { CONSILIUM_GPU: "", CUDA_VISIBLE_DEVICES: "4" }, "4"],
];
for (const [name, variables, device] of choices) {
  Deno.test(`chooseGpu(): ${name}`, () => assertEquals(chooseGpu(given(variables)), device));
}

Deno.test("chooseGpu() refuses what there is not, and says what there is", () => {
  const few = given({ CUDA_VISIBLE_DEVICES: "2,5", CONSILIUM_GPU: "2" });
  assertThrows(
    () => chooseGpu(few),
    Error,
    "must be below 2, the number of GPUs in CUDA_VISIBLE_DEVICES=2,5",
  );
  const word = given({ CONSILIUM_GPU: "first" });
  assertThrows(() => chooseGpu(word), Error, 'a number from 0 on, or none, current value is "first"');
});

Deno.test("visibleGpus() ends where CUDA ends", () => {
  assertEquals(visibleGpus(given({})), undefined);
  assertEquals(visibleGpus(given({ CUDA_VISIBLE_DEVICES: "0, 1" })), ["0", "1"]);
  assertEquals(visibleGpus(given({ CUDA_VISIBLE_DEVICES: "1,-1,0" })), ["1"]);
});

Deno.test("gpuEnvironment() narrows to one GPU; who is told so chooses the same one", () => {
  const told = gpuEnvironment(given({ CUDA_VISIBLE_DEVICES: "2,5", CONSILIUM_GPU: "1" }));
  assertEquals(told.CUDA_VISIBLE_DEVICES, "5");
  assertEquals(gpuEnvironment(given(told)).CUDA_VISIBLE_DEVICES, "5");
  assertEquals(told.CONSILIUM_GPU, "0");
  const unasked = gpuEnvironment(given({ CUDA_VISIBLE_DEVICES: "2,5" }));
  assertEquals([unasked.CUDA_VISIBLE_DEVICES, unasked.CONSILIUM_GPU], ["2", undefined]);
  const none = gpuEnvironment(given({ CONSILIUM_GPU: "none", CUDA_VISIBLE_DEVICES: "2,5" }));
  assertEquals(none.CUDA_VISIBLE_DEVICES, "-1");
  assertEquals(gpuEnvironment(given(none)).CUDA_VISIBLE_DEVICES, "-1");
});

Deno.test("gpuEnvironment() and gpuSettings(): TF32 and deterministic kernels are settings", () => {
  const told = (variables: Record<string, string>) => gpuSettings(given(gpuEnvironment(given(variables))));
  assertEquals(told({}), { device: "0", tf32: true, deterministic: true });
  assertEquals(told({ CONSILIUM_TF32: "off" }), { device: "0", tf32: false, deterministic: true });
  assertEquals(told({ CONSILIUM_DETERMINISTIC: "off" }), { device: "0", tf32: true, deterministic: false });
  assertEquals(told({ CONSILIUM_GPU: "none" }), undefined);
  const own = { TF_DETERMINISTIC_OPS: "0", TF_FORCE_GPU_ALLOW_GROWTH: "false" };
  const kept = gpuEnvironment(given(own));
  assertEquals([kept.TF_DETERMINISTIC_OPS, kept.TF_FORCE_GPU_ALLOW_GROWTH], [undefined, undefined]);
  assertThrows(() => gpuEnvironment(given({ CONSILIUM_TF32: "no" })), Error, "must be on or off");
});

Deno.test("missingGpu() speaks where a GPU was asked for by number", () => {
  assertEquals(missingGpu(given({}), { driver: false }), undefined);
  assertEquals(missingGpu(given({ CONSILIUM_GPU: "none" }), { driver: false }), undefined);
  assertEquals(
    missingGpu(given({ CONSILIUM_GPU: "1" }), { driver: false }),
    "Cannot compute on GPU 1 (CONSILIUM_GPU): there is no NVIDIA driver here",
  );
});

/** What is listed where the driver's own program prints the text. */
async function listed(text: string, variables: Record<string, string>) {
  let gpus: Awaited<ReturnType<typeof listGpus>> = [];
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/nvidia-smi`, `#!/bin/sh\necho "${text}"\n`, { mode: 0o755 });
    await withEnv({ PATH: folder }, async () => {
      gpus = await listGpus(given(variables));
    });
  });
  return gpus.map(({ index, name, memoryMiB }) => [index, name, memoryMiB]);
}

Deno.test("listGpus() counts those that are visible, by number or the beginning of their UUID", async () => {
  const two = "0, A100, 81920, 550.1, GPU-4f\n1, H100, 97871, 550.1, GPU-9c";
  assertEquals(await listed(two, {}), [[0, "A100", 81920], [1, "H100", 97871]]);
  assertEquals(await listed(two, { CUDA_VISIBLE_DEVICES: "1" }), [[0, "H100", 97871]]);
  assertEquals(await listed(two, { CUDA_VISIBLE_DEVICES: "GPU-9" }), [[0, "H100", 97871]]);
  assertEquals(await listed(two, { CUDA_VISIBLE_DEVICES: "MIG-8a" }), [[0, "MIG-8a", NaN]]);
});

Deno.test("listGpus() takes no sentence for a GPU", async () => {
  assertEquals(await listed("No devices were found", {}), []);
  assertEquals(await listed("No devices were found", { CUDA_VISIBLE_DEVICES: "0" }), [[0, "0", NaN]]);
});
