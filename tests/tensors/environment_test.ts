import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { computeSettings, setTensorflowEnvironment } from "../../lib/tensors/environment.ts";
import { toolPaths } from "../../lib/setup/tool_paths.ts";
import { withFolder } from "../support/runs/with_folder.ts";
import { printedBy, writeComputingNotebook } from "../support/setup/computing_notebook.ts";
import { runScript } from "../support/setup/run_script.ts";

/** What oneDNN logs of a convolution that it computes. */
const computed = /^onednn_verbose,v1,primitive,exec,cpu,convolution,/m;

const convolve = `
  const { tf } = await import("lib/tensors/tf.ts");
  console.log("value", tf.conv3d(tf.ones([1, 8, 8, 8, 4]), tf.ones([3, 3, 3, 4, 4]), 1, "valid").dataSync()[0]);`;

const convolveInWorker = `
  const code = ${JSON.stringify(convolve)} + "; self.postMessage(0);";
  const worker = new Worker("data:text/typescript," + encodeURIComponent(code), { type: "module" });
  await new Promise((done) => worker.onmessage = done);
  worker.terminate();`;

/** Says what the C library's environment holds when the addon is about to be opened. */
const watchOpening = `
  import Module from "node:module";
  const { getenv } = Deno.dlopen("libc.so.6", { getenv: { parameters: ["buffer"], result: "pointer" } }).symbols;
  const open = Module._extensions[".node"];
  Module._extensions[".node"] = (module, path) => {
    const value = getenv(new TextEncoder().encode("TF_ENABLE_ONEDNN_OPTS\\0"));
    console.log("opening with", value && new Deno.UnsafePointerView(value).getCString());
    return open(module, path);
  };`;

const log = { ONEDNN_VERBOSE: "1", TF_ENABLE_ONEDNN_OPTS: "", CUDA_VISIBLE_DEVICES: "" };

Deno.test("oneDNN is on before TensorFlow's library is opened, and a convolution runs in it", async () => {
  const { stdout, stderr } = await runScript(watchOpening + convolve, { env: log });
  assertMatch(stdout, /^opening with 1$/m);
  assertMatch(stdout, /^value 108$/m);
  assertMatch(stdout, computed);
  assertEquals(stderr, "");
});

Deno.test("oneDNN is on in a worker", async () => {
  const { stdout, stderr } = await runScript(convolveInWorker, { env: log });
  assertMatch(stdout, /^value 108$/m, stderr);
  assertMatch(stdout, computed);
});

Deno.test("oneDNN that the user has switched off stays off", async () => {
  const off = { ...log, TF_ENABLE_ONEDNN_OPTS: "0" };
  const { stdout } = await runScript(watchOpening + convolve, { env: off });
  assertMatch(stdout, /^opening with 0$/m);
  assertMatch(stdout, /^value 108$/m);
  assertEquals(stdout.match(computed), null);
});

for (const [value, on] of [["", true], ["0", false]] as const) {
  Deno.test(`oneDNN is ${on ? "on" : "off, as the user has it,"} in the kernel that papermill starts`, () =>
    withFolder(async (folder) => {
      await writeComputingNotebook(`${folder}/in.ipynb`);
      const { stdout, stderr } = await new Deno.Command(toolPaths().papermill, {
        args: [`${folder}/in.ipynb`, `${folder}/out.ipynb`, "--no-progress-bar"],
        env: { ...log, TF_ENABLE_ONEDNN_OPTS: value },
      }).output();
      // What oneDNN writes is no output of a cell: it ends in the terminal.
      const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      assertMatch(await printedBy(`${folder}/out.ipynb`), /^108\n/, text(stderr));
      const written = text(stdout);
      assertEquals(computed.test(written), on, written);
    }));
}

const settings: [env: Record<string, string>, oneDNN: boolean, maxIsa: string | undefined][] = [
  [{}, true, undefined],
  [{ TF_ENABLE_ONEDNN_OPTS: "0" }, false, undefined],
  [{ TF_ENABLE_ONEDNN_OPTS: "False", ONEDNN_MAX_CPU_ISA: "AVX2" }, false, "AVX2"],
  [{ TF_ENABLE_ONEDNN_OPTS: "1", DNNL_MAX_CPU_ISA: "SSE41" }, true, "SSE41"],
];

const names = ["TF_ENABLE_ONEDNN_OPTS", "ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA"];

for (const [env, oneDNN, maxIsa] of settings) {
  Deno.test(`computeSettings() with ${JSON.stringify(env)}`, () =>
    withEnvironment(env, () => {
      const found = computeSettings();
      assertEquals([found.oneDNN, found.oneDNNMaxIsa], [oneDNN, maxIsa]);
      assertMatch(found.processor, /\w/);
    }));
}

Deno.test("a setting of oneDNN that TensorFlow would pass over is refused", () =>
  withEnvironment({ TF_ENABLE_ONEDNN_OPTS: "on" }, () => {
    const message = 'TF_ENABLE_ONEDNN_OPTS must be 1 or 0, current value is "on"';
    assertThrows(() => computeSettings(), Error, message);
  }));

Deno.test("a cap that oneDNN would pass over is refused, with the nearest", () =>
  withEnvironment({ ONEDNN_MAX_CPU_ISA: "AVX512_COR" }, () => {
    assertThrows(() => computeSettings(), Error, "did you mean AVX512_CORE?");
    assertThrows(
      () => setTensorflowEnvironment(),
      Error,
      "ONEDNN_MAX_CPU_ISA must be one of DEFAULT, ALL, SSE41",
    );
  }));

function withEnvironment(env: Record<string, string>, look: () => void): void {
  const before = names.map((name) => [name, Deno.env.get(name)] as const);
  for (const name of names) Deno.env.set(name, env[name] ?? "");
  try {
    look();
  } finally {
    for (const [name, value] of before) {
      value === undefined ? Deno.env.delete(name) : Deno.env.set(name, value);
    }
  }
}
