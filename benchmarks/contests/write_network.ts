/**
 * Writes the network and the batch of a benchmark: deno run -A write_network.ts <folder> '<settings as JSON>'
 *
 * @module
 */
import { addNormalNoise, createRandom } from "../../lib/data/random.ts";
import { createUnet } from "../../lib/models/unet.ts";
import { snapshotWeights } from "../../lib/models/weights.ts";
import { type NetworkSettings, writeNetwork } from "./network.ts";
import { programArguments } from "./program_arguments.ts";

const [folder, text] = programArguments(["folder", "settings as JSON"]);
const settings = JSON.parse(text) as Omit<NetworkSettings, "tensors">;
const model = createUnet({ ...settings, seed: 1 });
const weights = Object.entries(snapshotWeights(model)).map(([name, weight]) =>
  [name, { data: weight.dataSync(), shape: weight.shape }] as const
);
const { shape: [batch, depth, height, width], classes } = settings;
const voxels = batch * depth * height * width;
const labels = new Float32Array(voxels), images = new Float32Array(voxels);
for (let i = 0; i < voxels; i++) {
  const [z, y, x] = [Math.floor(i / (height * width)) % depth, Math.floor(i / width) % height, i % width];
  // Organs are cubes of a quarter of the patch, and a little brighter each than the one before.
  const cell = Math.floor(4 * z / depth) + Math.floor(4 * y / height) + Math.floor(4 * x / width);
  const label = cell % 2 === 0 ? 0 : 1 + (cell >> 1) % (classes - 1);
  labels[i] = label;
  images[i] = label / classes;
}
addNormalNoise(images, { random: createRandom("benchmark", 1), std: 0.5 });
await writeNetwork(folder, settings, {
  ...Object.fromEntries(weights),
  images: { data: images, shape: settings.shape },
  labels: { data: labels, shape: settings.shape },
});
