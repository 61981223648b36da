/**
 * Set-up of the Python environment: TensorFlow's libraries, JupyterLab and papermill.
 *
 * @module
 */
import { runCommand } from "./command.ts";
import { checkDisk, neededGigabytes, neededGigabytesForCuda } from "./platform.ts";
import { findInterpreter, inspectInterpreter, isSupported } from "./python_interpreter.ts";
import type { SetupContext } from "./setup.ts";
import type { Step } from "./step.ts";
import { cudaPackages, dieWithParent, sitePackages, toolPaths } from "./tool_paths.ts";

/** Pip's answer to a registry that does not answer: about two minutes, then an error. */
const pipOptions = [
  "--no-deps",
  "--only-binary=:all:",
  "--no-input",
  "--disable-pip-version-check",
  "--no-warn-script-location",
  "--quiet",
  "--timeout=20",
  "--retries=3",
];

/** Steps that make `.venv` and fill it. */
export function pythonSteps({ root, cuda }: SetupContext): Step[] {
  const pins = `${root}/lib/runtime/python`;
  const environment: Step = {
    name: "Python environment",
    inputs: () => [root], // an environment holds its own absolute path
    outputs: () => [toolPaths(root).python, `${root}/.venv/pyvenv.cfg`],
    run: (repeated) => makeEnvironment(root, repeated),
  };
  const packages: Step = {
    name: "Python packages",
    inputs: () => [Deno.readTextFileSync(`${pins}/requirements.txt`)],
    outputs: () => [
      ...["tensorflow/libtensorflow_cc.so.2", "papermill", "nbconvert", "jupyterlab", "plotly"]
        .map((name) => `${sitePackages(root)}/${name}`),
      toolPaths(root).papermill,
    ],
    // What a killed pip leaves behind may look installed to the next one.
    run: async (repeated) => {
      checkDisk(root, neededGigabytes);
      await pipInstall(root, [...repeated ? ["--ignore-installed"] : [], "-r", `${pins}/requirements.txt`]);
    },
  };
  return [environment, packages, ...cuda ? [cudaStep(root)] : []];
}

/** Installs packages, by pip's arguments, into the project's environment. */
export async function pipInstall(root: string, args: string[]): Promise<void> {
  const { dieWithParent, python } = toolPaths(root);
  const command = [...dieWithParent, root, python, "-I", "-m", "pip", "install", ...pipOptions, ...args];
  await runCommand("install the Python packages", command, { env: { PIP_USER: "0", PIP_TARGET: "" } });
}

async function makeEnvironment(root: string, repeated: boolean): Promise<void> {
  const own = await inspectInterpreter(toolPaths(root).python);
  const usable = own !== undefined && own.venv && isSupported(own);
  if (usable && !repeated) return;
  const { path } = await findInterpreter();
  const command = [...dieWithParent(root, path), root, path, "-I", "-m", "venv", "--clear", `${root}/.venv`];
  await runCommand("make the Python environment .venv", command);
}

/**
 * TensorFlow's GPU wheel and CUDA, in a folder of their own so that they do not overwrite the CPU wheel. This step
 * has not been run on a machine with a GPU yet.
 */
function cudaStep(root: string): Step {
  const requirements = `${root}/lib/runtime/python/requirements_cuda.txt`;
  const folder = cudaPackages(root);
  return {
    name: "CUDA packages",
    inputs: () => [Deno.readTextFileSync(requirements)],
    outputs: () => [`${folder}/tensorflow/libtensorflow_cc.so.2`],
    run: async () => {
      checkDisk(root, neededGigabytesForCuda);
      const partial = `${folder}.partial`;
      await Deno.remove(partial, { recursive: true }).catch(ignoreNotFound);
      await pipInstall(root, ["--target", partial, "-r", requirements]);
      await Deno.remove(folder, { recursive: true }).catch(ignoreNotFound);
      await Deno.rename(partial, folder);
    },
  };
}

function ignoreNotFound(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
