import { assert, assertEquals, assertRejects } from "@std/assert";
import { askDevice } from "../../lib/gpu/ask_device.ts";
import { type Ask, type Check, checkDevice } from "../../lib/gpu/check_device.ts";
import type { KernelDifference, Training } from "../../lib/gpu/probe.ts";
import { recordKernels } from "../../lib/gpu/kernel_record.ts";
import { createProbeNetwork } from "../../lib/gpu/probe_network.ts";
import { multipliesBfloat16 } from "../../lib/tensors/bfloat16.ts";
import { cpuinfo } from "../../lib/tensors/cpuinfo.ts";
import { INT32 } from "../../lib/tensors/kernels.ts";

const processor = askDevice({});

/** The processor held to old instructions stands for another device: its sums have another order. */
const other = askDevice({ ONEDNN_MAX_CPU_ISA: "SSE41" });

const check = (device: Ask, reference: Ask) =>
  checkDevice({
    device: () => device,
    reference,
    bfloat16: false,
    memoryMiB: () => Promise.resolve(undefined),
    onCheck: () => {},
    side: 16,
  });

const failed = (checks: Check[]) => checks.filter(({ ok }) => !ok).map(({ name }) => name);

Deno.test("checkDevice() finds a device that rounds otherwise fit for use, but for bfloat16 where it has none", async () => {
  const checks = await check(other, processor);
  // oneDNN, held to old instructions, refuses it. On a processor that has none TensorFlow computes it without oneDNN, slowly.
  const refused = "a step of 2×16³ in bfloat16";
  if (multipliesBfloat16(cpuinfo())) assertEquals(failed(checks), [refused]);
  else assertEquals(failed(checks).filter((name) => name !== refused), []);
  const { result } = checks[0]!;
  assert(/\d\d kernels/.test(result), result);
});

Deno.test("checkDevice() names what is wrong", async () => {
  let asked = 0;
  const training: Training = { losses: [1, 0.5], hash: "", secondsPerStep: 1 };
  const right: Ask = () => Promise.resolve(training);
  const wrong: Ask = ({ kind }) => {
    const kernels: KernelDifference[] = [
      { kernel: "OneHot", difference: 0.1 },
      { kernel: "Conv3D", difference: null, error: "No OpKernel" },
      { kernel: "Add", difference: 0 },
    ];
    if (kind === "replay") return Promise.resolve(kernels);
    return Promise.resolve({ ...training, losses: [1, 0.6], hash: String(asked++) });
  };
  const checks = await check(wrong, right);
  const named = [
    "kernels in float32",
    "kernels in tf32",
    "training in float32",
    "training in tf32",
    "equal bits",
  ];
  assertEquals(failed(checks), [...named, "two processes at once"]);
  assertEquals(checks[0]!.result, "OneHot: 0.1; Conv3D: No OpKernel");
});

Deno.test("no kernel of a training step gets a long list of int32, which would stay on the host", () => {
  const kernels = recordKernels(createProbeNetwork({ shape: [2, 8], widths: [4, 8], precision: "float32" }));
  const names = kernels.map(({ name }) => name);
  for (const name of ["OneHot", "Conv3D", "GatherNd", "ScatterNd", "FusedBatchNormGradV3"]) {
    assert(names.includes(name), `${name} was not seen`);
  }
  for (const { name, inputs } of kernels) {
    for (const { dtype, shape, values } of inputs) {
      assert(dtype !== INT32 || values.length <= 16, `${name} gets int32 [${shape}]`);
    }
  }
});

Deno.test("askDevice() says a process's reason without the words and colours of Deno", async () => {
  const network = { shape: [1, 8] as [number, number], widths: [8, 16], precision: "float32" as const };
  const { message } = await assertRejects(
    () => askDevice({ CONSILIUM_GPU: "x" })({ kind: "train", network, steps: 1 }),
    Error,
  );
  // With a driver the number is wrong, without one there is no GPU.
  assert(/^Cannot ask the device: Cannot (choose a|compute on) GPU/.test(message), message);
  assert(!message.includes("\x1b"), message);
});
