import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { projectRoot, tensorflowFolder } from "../../lib/setup/tool_paths.ts";
import { typed } from "../../lib/setup/typed.ts";
import { withFolder } from "../support/runs/with_folder.ts";
import { dynamicSection } from "../support/setup/elf.ts";
import { otherTensorflow } from "../support/setup/poisoned_environment.ts";
import { runDeno } from "../support/setup/run_script.ts";

const addon = `${projectRoot}/node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node`;
const libraries = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"];
const tryTensorflow = (env: Record<string, string>) =>
  runDeno([
    "run",
    "--allow-read",
    "--allow-env",
    "--allow-ffi",
    "lib/tensors/try_tensorflow.ts",
  ], { env });

Deno.test("the addon finds TensorFlow's libraries before LD_LIBRARY_PATH does, and names both", async () => {
  const entries = await dynamicSection(addon);
  const valuesOf = (wanted: string) => entries.filter(([tag]) => tag === wanted).map(([, value]) => value);
  assertEquals(valuesOf("RUNPATH"), []);
  assertEquals(valuesOf("RPATH").length, 1);
  assertMatch(valuesOf("RPATH")[0], /^\$ORIGIN\/.*\/tensorflow(:|$)/);
  assertEquals(valuesOf("NEEDED").filter((name) => libraries.includes(name)), libraries);
});

for (const kept of [libraries, libraries.slice(0, 1), libraries.slice(1)]) {
  Deno.test(`TensorFlow loads where LD_LIBRARY_PATH leads to another ${kept.join(" and ")}`, () =>
    withFolder(async (folder) => {
      const other = await otherTensorflow(folder);
      for (const name of libraries) if (!kept.includes(name)) await Deno.remove(join(other, name));
      assertEquals(await tryTensorflow({ LD_LIBRARY_PATH: other }), { code: 0, stdout: "", stderr: "" });
    }));
}

Deno.test("another TensorFlow of LD_PRELOAD is told by its file", () =>
  withFolder(async (folder) => {
    // The real one, by another path: the dynamic linker goes by the name that is written in it.
    const [, name] = libraries;
    await Deno.symlink(join(tensorflowFolder(projectRoot, false), name), join(folder, name));
    const path = join(folder, name);
    const { code, stderr } = await tryTensorflow({ LD_PRELOAD: path });
    assertEquals(code, 1);
    const [said] = stderr.trimEnd().split("\n").slice(-1); // before it stands the other one's greeting
    assertEquals(
      said,
      `Cannot load TensorFlow: another TensorFlow is in the process already (${path}); this may come from ` +
        `LD_PRELOAD=${path}: run it again without, as in \`env -u LD_PRELOAD ${typed("…")}\``,
    );
  }));

Deno.test("a library of LD_LIBRARY_PATH that does not fit is told with the variable", () =>
  withFolder(async (folder) => {
    const other = await otherTensorflow(folder);
    await Deno.rename(join(other, libraries[0]), join(other, "libstdc++.so.6"));
    const { code, stderr } = await tryTensorflow({ LD_LIBRARY_PATH: other });
    assertEquals(code, 1);
    assertMatch(stderr, /^Cannot load TensorFlow: \/[^\n]*: [^\n]*\n$/);
    assertStringIncludes(stderr, `this may come from LD_LIBRARY_PATH=${other}: run it again without`);
    assertEquals(stderr.includes("/../"), false, stderr);
  }));
