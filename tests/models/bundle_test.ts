import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { createRandom } from "../../lib/data/random.ts";
import { exists } from "../../lib/files/whole_folder.ts";
import { type Bundle, loadBundle, saveBundle } from "../../lib/models/bundle.ts";
import { createUnet, type Unet } from "../../lib/models/unet.ts";
import type { UnetOptions } from "../../lib/models/unet_options.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { tinyBundle, tinyForm } from "../support/models/tiny_bundle.ts";
import { inTemporaryFolder } from "../support/data/store/stored_cases.ts";
import { seededNormal } from "../support/losses/tiny_batch.ts";
import { assertLeavesNoTensors } from "../support/training/tiny_learners.ts";

const make = (options: Pick<UnetOptions, "prompts" | "decoders">) =>
  createUnet({ ...tinyForm, classes: 3, seed: 1, ...options });

function bundleOf(models: Unet[]): Bundle {
  return tinyBundle(
    models.map((model, i) => ({ name: `net${i}`, organs: [1, 2], validationDice: 0.5, model })),
  );
}

/** What a network says of images with all its prompts, by all its decoders. */
function say(model: Unet): Float32Array[] {
  return tf.tidy(() => {
    const dropout = model.decoders === 2 ? { share: 0.5, random: createRandom("say") } : undefined;
    const pass = model.pass(seededNormal([1, 4, 4, 4, 1 + model.prompts], 2), { dropout });
    const said = [pass.logits, ...pass.second ? [pass.second.logits] : []];
    const values = said.map((logits) => logits.dataSync().slice() as Float32Array);
    pass.dispose();
    return values;
  });
}

Deno.test("models of a bundle say how many prompts and decoders they have, and are loaded with them", async () => {
  await inTemporaryFolder((folder) =>
    assertLeavesNoTensors(async () => {
      const models = [
        make({}),
        make({ prompts: 2 }),
        make({ decoders: 2 }),
        make({ prompts: 1, decoders: 2 }),
      ];
      await saveBundle(folder, bundleOf(models));
      const loaded = (await loadBundle(folder)).models.map(({ model }) => model);
      assertEquals(loaded.map(({ prompts }) => prompts), [0, 2, 0, 1]);
      assertEquals(loaded.map(({ decoders }) => decoders), [1, 1, 2, 2]);
      assertEquals(loaded.map(say), models.map(say));
      for (const model of [...models, ...loaded]) model.dispose();
    })
  );
});

Deno.test("what is as usual is not written: such files are those of before, to the byte", async () => {
  await inTemporaryFolder(async (folder) => {
    const path = join(folder, "models.json"), usual = [make({}), make({ prompts: 0, decoders: 1 })];
    const other = make({ prompts: 3, decoders: 2 });
    await saveBundle(folder, bundleOf([...usual, other]));
    const listed = JSON.parse(await Deno.readTextFile(path)).models.map((
      { sha256, ...model }: { sha256: string },
    ) => {
      assertEquals(sha256.length, 64);
      return model;
    });
    const about = { organs: [1, 2], validationDice: 0.5, head: { kind: "softmax" } };
    assertEquals(listed, [
      { name: "net0", ...about },
      { name: "net1", ...about },
      { name: "net2", ...about, prompts: 3, decoders: 2 },
    ]);
    assertEquals(Object.keys(listed[0]), ["name", "organs", "validationDice", "head"]);
    for (const wrong of [{ prompts: -1 }, { prompts: 0.5 }, { decoders: 3 }]) {
      await Deno.writeTextFile(
        path,
        JSON.stringify({ ...bundleOf([]), models: [{ ...listed[0], ...wrong }] }),
      );
      await assertRejects(() => loadBundle(folder), Error, "Cannot load models");
    }
    [...usual, other].forEach((model) => model.dispose());
  });
});

Deno.test("sizes of kernels are kept, and a network of others cannot be read as this one", async () => {
  await inTemporaryFolder(async (folder) => {
    const kernels: [number, number, number][] = [[1, 3, 3], [3, 3, 3]];
    const model = createUnet({ ...tinyForm, kernels, classes: 3, seed: 1 });
    const bundle = bundleOf([model]);
    await saveBundle(folder, { ...bundle, network: { ...bundle.network, kernels } });
    const loaded = await loadBundle(folder), [found] = loaded.models;
    assertEquals(loaded.network.kernels, kernels);
    assertEquals(say(found!.model), say(model));
    await saveBundle(folder, bundle);
    await assertRejects(() => loadBundle(folder), Error, "unet_down0_a_conv/kernel");
    for (const one of [model, found!.model]) one.dispose();
  });
});

Deno.test("what a model cannot tell apart is kept with it", async () => {
  await inTemporaryFolder(async (folder) => {
    const bundle = bundleOf([make({}), make({})]);
    await saveBundle(folder, {
      ...bundle,
      models: bundle.models.map((one, i) => i === 0 ? { ...one, joint: [1, 2] } : one),
    });
    const { models } = await loadBundle(folder);
    assertEquals(models.map(({ joint }) => joint), [[1, 2], undefined]);
    for (const { model } of [...bundle.models, ...models]) model.dispose();
  });
});

Deno.test("what is taken away from predictions is kept; where it is nothing, files are those of before", async () => {
  await inTemporaryFolder(async (folder) => {
    const bundle = bundleOf([make({})]), path = join(folder, "models.json");
    await saveBundle(folder, bundle);
    const before = await Deno.readTextFile(path);
    assert(!before.includes("postprocessing"));
    const old = await loadBundle(folder);
    assertEquals(old.postprocessing, undefined);
    const postprocessing = [
      { organ: 1, largest: true, minimumMm3: 0 },
      { organ: 2, largest: false, minimumMm3: 12.5 },
    ];
    await saveBundle(folder, { ...bundle, postprocessing });
    const loaded = await loadBundle(folder);
    assertEquals(loaded.postprocessing, postprocessing);
    for (const wrong of [{ organ: 0 }, { organ: 1.5 }, { largest: "yes" }, { minimumMm3: -1 }]) {
      const json = { ...JSON.parse(before), postprocessing: [{ ...postprocessing[0], ...wrong }] };
      await Deno.writeTextFile(path, JSON.stringify(json));
      await assertRejects(() => loadBundle(folder), Error, "Cannot load models");
    }
    for (const { models } of [bundle, old, loaded]) models.forEach(({ model }) => model.dispose());
  });
});

Deno.test("networks of one name, and names of no file, are refused before anything is written", async () => {
  await inTemporaryFolder(async (parent) => {
    const folder = `${parent}/weights`, models = [make({}), make({})];
    const refused: [names: string[], said: string][] = [
      [
        ["net", "net"],
        "Cannot save models: each must have a name of its own, two are called net. Where a stage is used twice, give the " +
        "networks of one of the two other names",
      ],
      [
        ["net", ""],
        'Cannot save models: a name must be one of a file, without "/" and not empty, current value is ""',
      ],
      [["../net", "net"], 'without "/" and not empty, current value is "../net"'],
    ];
    for (const [names, said] of refused) {
      const bundle = bundleOf(models);
      bundle.models.forEach((one, i) => one.name = names[i]!);
      await assertRejects(() => saveBundle(folder, bundle), Error, said);
      assert(!await exists(folder));
    }
    models.forEach((model) => model.dispose());
  });
});

Deno.test("deep supervision and its heads are left out: the files are those of a network that never had any", async () => {
  await inTemporaryFolder(async (folder) => {
    const form = {
      widths: [2, 3, 4, 4],
      strides: [[1, 2, 2], [2, 2, 2], [1, 1, 1]] as [number, number, number][],
    };
    const models = [true, false].map((deepSupervision) =>
      createUnet({ ...form, classes: 3, seed: 1, deepSupervision })
    );
    assert(Object.keys(models[0]!.weights).length > Object.keys(models[1]!.weights).length);
    const files = [];
    for (const [i, model] of models.entries()) {
      const path = join(folder, `${i}`);
      const network = { ...form, ...i === 0 && { deepSupervision: true } };
      await saveBundle(path, { ...bundleOf([model]), network });
      files.push(
        await Promise.all(
          ["models.json", "net0.safetensors"].map((name) => Deno.readFile(join(path, name))),
        ),
      );
    }
    assertEquals(files[0], files[1]);
    const { models: [loaded] } = await loadBundle(join(folder, "0"));
    assertEquals(loaded!.model.lowerStrides, []);
    const said = [...models, loaded!.model].map((model) =>
      tf.tidy(() => model.predict(seededNormal([1, 4, 8, 8, 1], 2)).logits.dataSync())
    );
    assertEquals(said, [said[1]!, said[1]!, said[1]!]);
    for (const model of [...models, loaded!.model]) model.dispose();
  });
});

/** What a stranger's models.json might say, and what of it is named. */
// deno-lint-ignore no-explicit-any -- JSON that tests change
const HOSTILE: [about: string, change: (json: any) => void, problem: string][] = [
  [
    "a file of another folder",
    (json) => json.models[0].name = "../../secret",
    "models[0].name: must be the name of a file",
  ],
  ["a file of Windows' other folder", (json) => json.models[0].name = "..\\secret", "models[0].name"],
  ["the folder above", (json) => json.models[0].name = "..", "models[0].name"],
  [
    "a line break in an organ's name",
    (json) => json.organs[0].name = "one\n2 0 0 0 1 1 1 two",
    "organs[0].name: must be of one line",
  ],
  [
    "an escape in an organ's name",
    (json) => json.organs[0].name = "\u001b[2J",
    "organs[0].name: must be of one line",
  ],
  ["organs in another order", (json) => json.organs.reverse(), "organs: must be numbered from 1 on"],
  [
    "an organ that is not listed",
    (json) => json.models[0].organs = [1, 3],
    "models[0].organs: must be organs of the list, each once, has 3",
  ],
  ["an organ twice", (json) => json.models[0].organs = [1, 1], "models[0].organs"],
  [
    "a deviation of zero",
    (json) => json.preprocessing.intensity = { scheme: "ct", clipHu: [0, 1], mean: 0, std: 0 },
    "preprocessing.intensity.std",
  ],
  [
    "a window that is not strided evenly",
    (json) => json.window = [4, 4, 5],
    "window[2]: must be a multiple of",
  ],
  ["a window that no memory holds", (json) => json.window = [1e9, 4, 4], "window[0]"],
  ["two models of one name", (json) => json.models.push(json.models[0]), "models: must have a name each"],
  [
    "spacing of zero",
    (json) => json.preprocessing.spacingMm = [0, 1, 1],
    "preprocessing.spacingMm: must be above 0",
  ],
];
for (const [about, change, problem] of HOSTILE) {
  Deno.test(`a stranger's bundle is refused before a file of it is used: ${about}`, () =>
    inTemporaryFolder((folder) =>
      assertLeavesNoTensors(async () => {
        const bundle = bundleOf([make({})]), path = join(folder, "models.json");
        await saveBundle(folder, bundle);
        for (const { model } of bundle.models) model.dispose();
        const { sha256: _, ...json } = JSON.parse(await Deno.readTextFile(path));
        change(json);
        await Deno.writeTextFile(path, JSON.stringify(json));
        await assertRejects(() => loadBundle(folder), Error, `models.json is damaged: ${problem}`);
      })
    ));
}

Deno.test("a bundle whose list or whose weights are others' is refused, and leaves no tensors", () =>
  inTemporaryFolder((folder) =>
    assertLeavesNoTensors(async () => {
      const models = [make({}), createUnet({ ...tinyForm, classes: 3, seed: 2 })],
        path = join(folder, "models.json");
      await saveBundle(folder, bundleOf(models));
      for (const model of models) model.dispose();
      const text = await Deno.readTextFile(path);
      await Deno.writeTextFile(path, text.replace('"validationDice": 0.5', '"validationDice": 0.6'));
      await assertRejects(() => loadBundle(folder), Error, "its checksum is that of something else");
      await Deno.writeTextFile(path, text);
      await Deno.copyFile(join(folder, "net1.safetensors"), join(folder, "net0.safetensors"));
      await assertRejects(() => loadBundle(folder), Error, "the file is not the one that models.json names");
    })
  ));
