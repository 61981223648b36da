import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { SOFTMAX } from "../../../lib/models/heads/head_plan.ts";
import { decodeOnnx } from "../../../lib/models/onnx/onnx_format.ts";
import { onnxModel } from "../../../lib/models/onnx/onnx_model.ts";
import type { StoredTensor } from "../../../lib/models/safetensors.ts";
import type { Unet } from "../../../lib/models/unet.ts";
import { tf } from "../../../lib/tensors/tf.ts";
import {
  answersOf,
  channelsFirst,
  imagesOf,
  networkOf,
  type OnnxForm,
  onnxForms,
} from "../../support/models/onnx_forms.ts";
import { type OnnxArray, runOnnx } from "../../support/models/run_onnx.ts";

/** What onnxruntime computes from them: tests/peers/onnx_models.py. */
const { step, probabilities: stored } = JSON.parse(await Deno.readTextFile("tests/fixtures/onnx.json")) as {
  step: number;
  probabilities: Record<string, Record<"window" | "larger", number[]>>;
};

const TOLERANCE = 1e-4;

function storedWeights({ weights }: Unet): Record<string, StoredTensor> {
  const numbers = (weight: Tensor) => weight.dataSync() as Float32Array<ArrayBuffer>;
  return Object.fromEntries(
    Object.entries(weights).map(([name, weight]) => [name, {
      type: "float32",
      shape: weight.shape,
      numbers: numbers(weight),
    }]),
  );
}

function exportForm(
  { window: _, head = SOFTMAX, prompts = 0, decoders = 1, ...network }: OnnxForm,
  model: Unet,
) {
  const listed = { name: "net", organs: [1, 2], head, prompts, decoders };
  return onnxModel({ network, model: listed, tensors: storedWeights(model), path: "net.safetensors" });
}

const arrayOf = (x: Tensor): OnnxArray => ({ shape: x.shape, data: Float64Array.from(x.dataSync()) });

const farthest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

/** Runs the test with a network that is disposed afterwards. */
function withNetwork(form: OnnxForm, test: (model: Unet) => void): void {
  tf.tidy(() => {
    const model = networkOf(form);
    try {
      test(model);
    } finally {
      model.dispose();
    }
  });
}

for (const [name, form] of Object.entries(onnxForms)) {
  Deno.test(`${name}: onnxruntime says of the exported network what ours says, of windows and of larger images`, () =>
    withNetwork(form, (model) => {
      for (const [which, images] of Object.entries(imagesOf(form))) {
        const said = answersOf(model, images).probabilities.dataSync();
        const kept = said.filter((_, i) => i % step === 0),
          wanted = stored[name]![which as "window" | "larger"];
        assertEquals(kept.length, wanted.length);
        assert(farthest(kept, wanted) < TOLERANCE, `${farthest(kept, wanted)}`);
      }
    }));

  Deno.test(`${name}: the written graph, by the operators' definitions, says what the network says`, () =>
    withNetwork(form, (model) => {
      const { bytes, outputs } = exportForm(form, model);
      const images = imagesOf(form).window, answers = answersOf(model, images);
      const said = runOnnx(decodeOnnx(bytes), { image: arrayOf(channelsFirst(images)) });
      assertEquals(Object.keys(said), outputs);
      for (const [output, wanted] of Object.entries(answers)) {
        const found = said[output] ?? said.probabilities!;
        assertEquals(found.shape, wanted.shape);
        const far = farthest(found.data, wanted.dataSync());
        assert(far < TOLERANCE, `${output}: ${far}`);
      }
    }));
}

Deno.test("the file says its version, its operators' version, and that batch and sizes may be any", () =>
  withNetwork(onnxForms.sigmoid!, (model) => {
    const { irVersion, opsetImport, graph } = decodeOnnx(exportForm(onnxForms.sigmoid!, model).bytes);
    assertEquals([irVersion, opsetImport], [8, [{ domain: "", version: 17 }]]);
    const sizes = (channels: number) => [
      { dimParam: "batch" },
      { dimValue: channels },
      { dimParam: "depth" },
      { dimParam: "height" },
      { dimParam: "width" },
    ];
    const ends = [...graph.input, ...graph.output];
    assertEquals(ends.map(({ name }) => name), ["image", "probabilities", "votes"]);
    assertEquals(ends.map(({ type }) => type.tensorType.shape.dim), [sizes(1), sizes(3), sizes(3)]);
    assertEquals(ends.map(({ type }) => type.tensorType.elemType), [1, 1, 1]);
    // Every input of a node is there before it, and no name is given twice.
    const known = new Set(["image", ...graph.initializer.map(({ name }) => name)]);
    assertEquals(known.size, 1 + graph.initializer.length);
    for (const { input, output } of graph.node) {
      assert(input.every((name) => known.has(name)), `${input}`);
      for (const name of output) assert(!known.has(name) && known.add(name), name);
    }
  }));

Deno.test("what only training needs is left out: the second decoder, lower heads, filters of prompts", () => {
  const weightsOf = (name: string) => {
    const names: string[] = [];
    withNetwork(onnxForms[name]!, (model) => {
      const { graph } = decodeOnnx(exportForm(onnxForms[name]!, model).bytes);
      names.push(...graph.initializer.map(({ name, dims }) => `${name} ${dims}`));
    });
    return names;
  };
  const usual = weightsOf("softmax");
  assertEquals(usual[0], "down0_a_conv/kernel 3,1,3,3,3");
  assertEquals(weightsOf("two decoders"), usual);
  assertEquals(weightsOf("prompts"), usual);
  assertEquals(weightsOf("deep supervision").filter((name) => name.startsWith("logits")), [
    "logits/kernel 3,3,1,1,1",
    "logits/bias 3",
  ]);
});

Deno.test("weights that do not fit are refused by their names", () =>
  withNetwork(onnxForms.softmax!, (model) => {
    const tensors = storedWeights(model), { widths, strides } = onnxForms.softmax!;
    const make = (change: Record<string, StoredTensor | undefined>, network = { widths, strides }) => {
      const kept = Object.entries({ ...tensors, ...change }).filter(([, tensor]) => tensor);
      const listed = { name: "net", organs: [1, 2], head: SOFTMAX, prompts: 0, decoders: 1 as const };
      const changed = Object.fromEntries(kept) as Record<string, StoredTensor>;
      return () => onnxModel({ network, model: listed, tensors: changed, path: "net.safetensors" });
    };
    const bias = "unet_logits/bias", is = `weight ${bias} must be float32 of shape [3], current value is `;
    assertThrows(make({ [bias]: undefined }), Error, `${is}missing (net.safetensors)`);
    const short = { ...tensors[bias]!, shape: [2] };
    assertThrows(make({ [bias]: short }), Error, `${is}float32 of shape [2] (net.safetensors)`);
    const whole: StoredTensor = { type: "int32", shape: [3], numbers: new Int32Array(3) };
    assertThrows(make({ [bias]: whole }), Error, `${is}int32 of shape [3] (net.safetensors)`);
    assertThrows(make({}, { widths, strides: [] }), Error, "strides must have one entry fewer than widths");
  }));
