/**
 * Set-up of TensorFlow's addon: tfjs-node-gpu's C++ sources compiled against the TensorFlow wheel.
 *
 * The package's own install script downloads a TensorFlow of 2022 from a storage bucket; the wheel is newer, and the
 * addon uses nothing but TensorFlow's stable C interface.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { relative } from "node:path";
import { runCommand } from "./steps/command.ts";
import { compileShared } from "./compiler.ts";
import type { SetupContext } from "./setup_context.ts";
import type { Step } from "./steps/step.ts";
import { cudaPackages, tensorflowFolder, toolPaths } from "./tool_paths.ts";

/**
 * The wheel's libraries are found by DT_RPATH, which comes before the user's LD_LIBRARY_PATH; left to themselves, linkers
 * write DT_RUNPATH, which comes after it. The addon needs both libraries itself, used or not, since its DT_RPATH does not
 * count for what they need of each other. A function that they lack is told while loading, not when it is called.
 */
const linking = "-Wl,--disable-new-dtags,--no-as-needed,-z,now";

/** The step that builds the addon and tries it. */
export function addonSteps(context: SetupContext): Step[] {
  const { root } = context;
  const addon = `${root}/node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node`;
  const inputs = () => [
    tensorflowFolder(root, context.cuda),
    linking,
    Deno.readTextFileSync(`${root}/lib/setup/python/requirements.txt`),
    Deno.readTextFileSync(`${root}/lib/setup/python/requirements_cuda.txt`),
    packageVersion(`${root}/node_modules/@tensorflow/tfjs-node-gpu`),
  ];
  return [{
    name: "TensorFlow addon",
    takes: "half a minute to a minute",
    inputs,
    outputs: () => [addon],
    run: async () => {
      await buildAddon(addon, context);
      await tryAddon(root);
    },
  }];
}

async function buildAddon(addon: string, { root, cuda }: SetupContext): Promise<void> {
  const source = Deno.realPathSync(`${root}/node_modules/@tensorflow/tfjs-node-gpu`);
  const folder = `${source}/lib/napi-v8`;
  const wheel = tensorflowFolder(root, cuda);
  await Deno.mkdir(folder, { recursive: true });
  await compileShared(root, `${addon}.partial`, [
    "-DNAPI_VERSION=8",
    `-I${source}`,
    `-I${wheel}/include`,
    `-I${root}/node_modules/node-api-headers/include`,
    `${source}/binding/tfjs_backend.cc`,
    `${source}/binding/tfjs_binding.cc`,
    `${wheel}/libtensorflow_cc.so.2`,
    `${wheel}/libtensorflow_framework.so.2`,
    linking,
    // Relative to the addon, so that node_modules and .venv can move together.
    ...[wheel, ...cuda ? cudaLibraries(root) : []].map((path) =>
      `-Wl,-rpath,$ORIGIN/${relative(folder, path)}`
    ),
  ]);
  await Deno.rename(`${addon}.partial`, addon);
}

async function tryAddon(root: string): Promise<void> {
  const { deno, dieWithParent } = toolPaths(root);
  const flags = ["run", "--allow-read", "--allow-env", "--allow-ffi"];
  const command = [...dieWithParent, root, deno, ...flags, "lib/tensors/try_tensorflow.ts"];
  await runCommand("run TensorFlow", command, { timeoutSeconds: 300 });
}

/** The library folders of the `nvidia-*` wheels. */
function cudaLibraries(root: string): string[] {
  const nvidia = `${cudaPackages(root)}/nvidia`;
  return [...Deno.readDirSync(nvidia)].map(({ name }) => `${nvidia}/${name}/lib`).filter((path) =>
    existsSync(path)
  );
}

function packageVersion(folder: string): string {
  const path = `${folder}/package.json`;
  return existsSync(path) ? JSON.parse(Deno.readTextFileSync(path)).version : "not installed";
}
