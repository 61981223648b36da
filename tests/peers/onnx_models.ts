/**
 * Writes exported networks and what ours say of images into a folder, for tests/peers/onnx_models.py.
 *
 * .venv/bin/deno run -A tests/peers/onnx_models.ts <folder>
 */
import { join } from "@std/path";
import { saveBundle } from "../../lib/models/bundle.ts";
import { saveTensors } from "../../lib/models/checkpoint.ts";
import { writeOnnx } from "../../lib/workbench/export/write_onnx.ts";
import {
  answersOf,
  channelsFirst,
  imagesOf,
  networkOf,
  onnxForms,
  windowOf,
} from "../support/models/onnx_forms.ts";
import { tinyBundle } from "../support/models/tiny_bundle.ts";

const [folder] = Deno.args;
if (folder === undefined) throw new Error("Cannot write networks: a folder must be named");
for (const [name, form] of Object.entries(onnxForms)) {
  const model = networkOf(form), weights = join(folder, name, "weights");
  const { window: _, ...network } = form;
  const bundle = tinyBundle([{ name: "model", organs: [1, 2], validationDice: 0.5, model }]);
  await saveBundle(weights, { ...bundle, window: windowOf(form), network });
  await writeOnnx(weights, { out: join(folder, name, "onnx"), run: name });
  for (const [which, images] of Object.entries(imagesOf(form))) {
    const tensors = { image: channelsFirst(images), ...answersOf(model, images) };
    await saveTensors(join(folder, name, `${which}.safetensors`), { tensors, meta: {} });
  }
}
