/**
 * Our training step, or forward pass, of a U-Net on one batch.
 *
 * deno run -A ours.ts <folder> <float32 | bfloat16> <step | forward>, with what `write_network.ts` writes in the folder
 *
 * @module
 */
import { serveContestant } from "../../harness/serve_contestant.ts";
import type { Precision } from "../../../lib/models/unet_options.ts";
import { loadNetwork } from "../network_step.ts";
import { programArguments } from "../program_arguments.ts";

const [folder, precision, task] = programArguments(["folder", "float32 | bfloat16", "step | forward"]);

await serveContestant(async () => {
  const { step, forward } = await loadNetwork(folder, { precision: precision as Precision });
  return () => [task === "step" ? step() : forward()];
});
