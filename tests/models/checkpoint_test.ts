import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { loadTensors, saveTensors } from "../../lib/models/checkpoint.ts";
import { tf } from "../../lib/tensors/tf.ts";

const values = new Float32Array([1.5, -0, 1e-45, 3.4e38, -3.4e38, 2]);

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
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    assertMatch(header.__metadata__.sha256, /^[0-9a-f]{64}$/);
    delete header.__metadata__.sha256;
    assertEquals(header, {
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

/** A file of the format with these entries, as any program might write it. */
function fileOf(header: unknown, data: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header)),
    file = new Uint8Array(8 + text.length + data.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  file.set(data, 8 + text.length);
  return file;
}

Deno.test("checkpoint: whichever bit of a file is turned over, it is refused", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.safetensors"), bent = join(folder, "bent");
    const tensors = { a: tf.tensor1d([1, 2]), b: tf.tensor1d([true, false], "bool") };
    await saveTensors(path, { tensors, meta: { step: 1 } });
    tf.dispose(tensors);
    const bytes = await Deno.readFile(path);
    for (let at = 0; at < bytes.length; at++) {
      const copy = bytes.slice();
      copy[at]! ^= 1 << (at % 8);
      await Deno.writeFile(bent, copy);
      await assertRejects(() => loadTensors(bent), Error, `(${bent})`, `byte ${at}`);
    }
  }));

Deno.test("checkpoint: older files and other programs' have no checksum and are read", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.safetensors"), data = new Uint8Array(Float32Array.of(1, 2).buffer);
    const entry = { dtype: "F32", shape: [2], data_offsets: [0, 8] };
    for (const metadata of [{ meta: '{"step":3}' }, { format: "pt" }, undefined]) {
      await Deno.writeFile(path, fileOf({ ...metadata && { __metadata__: metadata }, a: entry }, data));
      const { tensors, meta } = await loadTensors(path);
      assertEquals([...tensors.a!.dataSync()], [1, 2]);
      assertEquals(meta, metadata?.meta ? { step: 3 } : {});
      tf.dispose(tensors);
    }
  }));

Deno.test("checkpoint: headers that lie and numbers that are not finite are refused", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.safetensors"), data = new Uint8Array(Float32Array.of(1, NaN).buffer);
    const entry = { dtype: "F32", shape: [2], data_offsets: [0, 8] };
    const cases: [header: unknown, problem: string][] = [
      [{ a: entry }, "tensor a must be of finite numbers, one is NaN"],
      [{ a: { ...entry, data_offsets: [-4, 8] } }, "the header is wrong"],
      [{ a: { ...entry, data_offsets: [4, 8] } }, "tensor a must be F32, I32 or BOOL of [2]"],
      [{ a: { ...entry, data_offsets: [0, 80] } }, "80 bytes of data wanted, 8 found"],
      [{ a: { ...entry, shape: [1e9, 1e9] } }, "tensor a must be F32"],
      [{ a: { ...entry, dtype: "F64" } }, "current value is F64"],
      [{ __metadata__: { meta: "{}", sha255: "a" }, a: entry }, "the header is wrong"],
      [{ __metadata__: { meta: "{" }, a: { ...entry, dtype: "I32" } }, "meta is not JSON"],
      [[], "the header is wrong"],
    ];
    for (const [header, problem] of cases) {
      await Deno.writeFile(path, fileOf(header, data));
      await assertRejects(() => loadTensors(path), Error, problem);
    }
  }));
