/**
 * Our sliding windows over the scan of prepare.ts.
 *
 *     deno run -A ours.ts <folder>          answers the benchmark with the number of voxels of each class
 *     deno run -A ours.ts <folder> <path>   writes the probabilities, [depth, height, width, class] in float32
 *
 * @module
 */
import { serveContestant } from "../../harness/serve_contestant.ts";
import type { Shape } from "../../../lib/imaging/volume.ts";
import { createUnet } from "../../../lib/models/unet.ts";
import { restoreWeights } from "../../../lib/models/weights.ts";
import { tf } from "../../../lib/tensors/tf.ts";
import { averagePredictor } from "../../../lib/inference/predictor.ts";
import { segment } from "../../../lib/inference/segment.ts";
import { predictPlanes } from "../../../lib/inference/slabs.ts";
import { readNetwork } from "../network.ts";
import { programArguments } from "../program_arguments.ts";

const [folder] = programArguments(["folder"]);
const path = Deno.args[1];
const { settings, tensor } = await readNetwork(folder);
const { widths, strides, classes } = settings;
const model = createUnet({ widths, strides, classes, seed: 1 });
const names = Object.keys(settings.tensors).filter((name) => name.startsWith("unet_"));
const weights = Object.fromEntries(names.map((name) => [name, tf.tensor(...tensor(name))]));
restoreWeights(model, weights);
tf.dispose(weights);
const [image, shape] = tensor("image") as [Float32Array, Shape];
const options = {
  shape,
  window: [64, 64, 64] as Shape,
  overlap: 0.5,
  predictor: averagePredictor([{
    name: "net",
    model,
    organs: Array.from({ length: classes - 1 }, (_, i) => i + 1),
  }]),
};

if (path) {
  using file = await Deno.create(path);
  const region = { y: [0, shape[1]], x: [0, shape[2]] } as { y: [number, number]; x: [number, number] };
  for (const { probabilities } of predictPlanes(image, { ...options, region })) {
    file.writeSync(new Uint8Array(probabilities.buffer));
  }
} else {
  await serveContestant(() =>
    Promise.resolve(async () => {
      const counts = Array<number>(classes).fill(0);
      for (const label of await segment(image, options)) counts[label]!++;
      return counts;
    })
  );
}
