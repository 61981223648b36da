import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { loadTensors, saveTensors } from "../../lib/models/checkpoint.ts";
import { tf } from "../../lib/tensors/tf.ts";

const values = new Float32Array([1.5, -0, 1e-45, 3.4e38, NaN, Infinity]);

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  const before = tf.memory().numTensors;
  try {
    await test(folder);
    assertEquals(tf.memory().numTensors, before, "tensors left behind");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("checkpoint: tensors of every dtype and shape, and meta, come back to the bit", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.safetensors");
    const tensors = {
      "layer/weight": tf.tensor2d(values, [2, 3]),
      scalar: tf.scalar(0.1),
      steps: tf.tensor1d([1, -2], "int32"),
      mask: tf.tensor1d([true, false, true], "bool"),
      empty: tf.zeros([0, 3]),
    };
    const meta = { step: 12, beta1Power: 0.9 ** 7, note: "ä", nested: { best: [1, 2] } };
    await saveTensors(path, { tensors, meta });
    const loaded = await loadTensors(path);
    assertEquals(loaded.meta, meta);
    assertEquals(Object.keys(loaded.tensors), Object.keys(tensors));
    for (const [name, tensor] of Object.entries(tensors)) {
      const found = loaded.tensors[name]!;
      assertEquals(found.shape, tensor.shape);
      assertEquals(found.dtype, tensor.dtype);
      const bytes = (t: Tensor) => {
        const data = t.dataSync();
        return [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];
      };
      assertEquals(bytes(found), bytes(tensor));
    }
    assertEquals([...Deno.readDirSync(folder)].map((entry) => entry.name), ["a.safetensors"]);
    tf.dispose([tensors, loaded.tensors]);
  }));

Deno.test("checkpoint: the layout is that of safetensors", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.safetensors");
    const tensors = { a: tf.scalar(1), b: tf.tensor1d([2, 3]) };
    await saveTensors(path, { tensors, meta: {} });
    tf.dispose(tensors);
    const bytes = await Deno.readFile(path);
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    assert(length % 8 === 0);
    assertEquals(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))), {
      __metadata__: { meta: "{}" },
      a: { dtype: "F32", shape: [], data_offsets: [0, 4] },
      b: { dtype: "F32", shape: [2], data_offsets: [4, 12] },
    });
    assertEquals([...new Float32Array(bytes.slice(8 + length).buffer)], [1, 2, 3]);
  }));

Deno.test("checkpoint: missing, truncated and foreign files are clear errors", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.safetensors"), cut = join(folder, "cut");
    const tensors = { a: tf.tensor1d(values), b: tf.tensor1d(values) };
    await saveTensors(path, { tensors, meta: { step: 1 } });
    tf.dispose(tensors);
    const bytes = await Deno.readFile(path);
    for (let length = 0; length < bytes.length; length++) {
      await Deno.writeFile(cut, bytes.subarray(0, length));
      await assertRejects(() => loadTensors(cut), Error, `Cannot load tensors: `);
    }
    await Deno.writeFile(cut, bytes.subarray(0, bytes.length - 1));
    await assertRejects(
      () => loadTensors(cut),
      Error,
      `the file is damaged, 48 bytes of data wanted, 47 found (${cut})`,
    );
    await Deno.writeTextFile(cut, "not a checkpoint at all");
    await assertRejects(() => loadTensors(cut), Error, "the header must end within the file");
    await assertRejects(() => loadTensors(join(folder, "none")), Error, "none");
  }));

Deno.test("checkpoint: a failed save leaves the old file and nothing half written", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.safetensors");
    const good = tf.scalar(1), bad = tf.complex([1], [1]);
    await saveTensors(path, { tensors: { good }, meta: {} });
    await assertRejects(
      () => saveTensors(path, { tensors: { bad }, meta: {} }),
      Error,
      "current value is complex64 (bad)",
    );
    await assertRejects(
      () => saveTensors(join(folder, "no", "a"), { tensors: { good }, meta: {} }),
      Error,
      "Cannot save tensors",
    );
    const loaded = await loadTensors(path);
    assertEquals([...loaded.tensors.good!.dataSync()], [1]);
    assertEquals([...Deno.readDirSync(folder)].length, 1);
    tf.dispose([good, bad, loaded.tensors]);
  }));
