/**
 * Our training step with a clock on every kernel.
 *
 * deno run -A ours.ts <folder> <float32 | bfloat16>; a repetition's output is the seconds of each group of groups.ts
 *
 * @module
 */
import { serveContestant } from "../../harness/serve_contestant.ts";
import type { Precision } from "../../../lib/models/unet_options.ts";
import { watchKernels } from "../../../lib/tensors/watch_kernels.ts";
import { loadNetwork } from "../network_step.ts";
import { programArguments } from "../program_arguments.ts";
import { groupOf, GROUPS } from "./groups.ts";

const [folder, precision] = programArguments(["folder", "float32 | bfloat16"]);
const seconds = new Map<string, number>();

await serveContestant(async () => {
  const { step } = await loadNetwork(folder, { precision: precision as Precision });
  watchKernels(({ name, seconds: spent }) => {
    const group = groupOf(name);
    seconds.set(group, (seconds.get(group) ?? 0) + spent);
  });
  return () => {
    seconds.clear();
    step();
    return GROUPS.map((group) => seconds.get(group) ?? 0);
  };
});
