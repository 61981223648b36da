/**
 * Writes the scan and the network of this benchmark: deno run -A prepare.ts <folder> <root of the datasets>
 *
 * @module
 */
import { join } from "@std/path";
import { eachAxis } from "../../../lib/imaging/each_axis.ts";
import { cutRegion } from "../../../lib/data/region.ts";
import { preprocessImage } from "../../../lib/data/store/preprocess.ts";
import { loadScan } from "../../../lib/imaging/load_scan.ts";
import type { Shape } from "../../../lib/imaging/volume.ts";
import { createUnet } from "../../../lib/models/unet.ts";
import type { Strides } from "../../../lib/models/layers.ts";
import { snapshotWeights } from "../../../lib/models/weights.ts";
import { writeNetwork } from "../network.ts";
import { programArguments } from "../program_arguments.ts";

const [folder, dataRoot] = programArguments(["folder", "root of the datasets"]);
/** Where windows of 64 voxels that overlap by half start at 0, 32 and 64 by our rule and by MONAI's. */
const shape: Shape = [128, 128, 128];
const network = { widths: [16, 32, 64, 128], strides: Array<Strides>(3).fill([2, 2, 2]), classes: 8 };

const scan = await loadScan(join(dataRoot, "abdomen-ct", "imagesTr", "ct.nii.gz"));
const image = preprocessImage(scan, {
  spacingMm: [3, 3, 3],
  intensity: { scheme: "ct", clipHu: [-1000, 1000], mean: 0, std: 300 },
});
const start = eachAxis((axis) => -Math.floor((shape[axis] - image.shape[axis]) / 2));
const data = cutRegion(image.data, { from: image.shape, region: { start, shape } });
const weights = Object.entries(snapshotWeights(createUnet({ ...network, seed: 1 })));
await writeNetwork(folder, { ...network, learningRate: 0, shape: [1, ...shape] }, {
  ...Object.fromEntries(
    weights.map(([name, weight]) => [name, { data: weight.dataSync(), shape: weight.shape }]),
  ),
  image: { data, shape },
});
