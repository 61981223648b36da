import { assertEquals } from "@std/assert";
import type { BundleFile, ListedModel } from "../../../lib/models/bundle_file.ts";
import { describeDeployment } from "../../../lib/workbench/export/describe_deployment.ts";

const listed = (name: string, more: Partial<ListedModel> = {}): ListedModel => ({
  name,
  organs: [1, 2],
  head: { kind: "sigmoid" },
  prompts: 0,
  decoders: 1,
  validationDice: 0.5,
  ...more,
});

function describe(bundle: Partial<BundleFile>) {
  const models = bundle.models ?? [listed("one")];
  return describeDeployment({
    bundle: {
      organs: [{ number: 1, name: "Liver" }, { number: 2, name: "Spleen" }],
      preprocessing: {
        spacingMm: [3, 2, 1],
        intensity: { scheme: "ct", clipHu: [-100, 200], mean: 40, std: 50 },
      },
      window: [8, 16, 32],
      network: { widths: [2, 4, 4], strides: [[1, 2, 2], [2, 2, 4]] },
      inference: "best",
      models,
      ...bundle,
    },
    exported: models.map((model) => ({
      model,
      file: `${model.name}.onnx`,
      sha256: "",
      outputs: ["probabilities", "votes"],
    })),
    predicting: models.map(({ name }) => name),
    run: "a/b/c/v001",
  });
}

Deno.test("intensities of CT, sizes and spacing stand in order of the axes", () => {
  const { preprocessing: { spacing_mm, intensity }, input, windows } = describe({});
  assertEquals(spacing_mm, [3, 2, 1]);
  assertEquals(intensity, {
    scheme: "ct",
    clip_hu: [-100, 200],
    mean: 40,
    std: 50,
    formula: "(min(max(x, clip_hu[0]), clip_hu[1]) - mean) / std",
  });
  assertEquals([input.sizes_are_multiples_of, windows.size], [[2, 4, 8], [8, 16, 32]]);
});

Deno.test("where organs are each by themselves, votes decide", () => {
  assertEquals(describe({}).decision.output, "votes");
  assertEquals(describe({ inference: "mean" }).decision.output, "votes");
  assertEquals(describe({ inference: "merged" }).decision.output, "combination");
});

Deno.test("merged networks: of an organ those that tell it from others are asked, by its channel", () => {
  const models = [listed("one"), listed("two", { organs: [2] }), listed("three", { joint: [2] })];
  const { combination } = describe({ inference: "merged", models });
  assertEquals("owners" in combination && combination.owners, [
    { organ: 1, channels: [{ model: "one", channel: 1 }, { model: "three", channel: 1 }] },
    { organ: 2, channels: [{ model: "one", channel: 2 }, { model: "two", channel: 1 }] },
  ]);
});

Deno.test("postprocessing is said where something is taken away, and prompts where there are any", () => {
  const { postprocessing, files: [file] } = describe({
    postprocessing: [
      { organ: 1, largest: true, minimumMm3: 12.5 },
      { organ: 2, largest: false, minimumMm3: 0 },
    ],
    models: [listed("one", { prompts: 3 })],
  });
  assertEquals(postprocessing, [
    { organ: 1, largest: true, minimum_mm3: 12.5, keeps: "the largest component, if it has 12.5 mm³" },
  ]);
  assertEquals(file!.prompts?.includes("3 channels of prompts are zeros"), true);
});
