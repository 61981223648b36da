/**
 * Set-up of the Python environment: TensorFlow's libraries, JupyterLab and papermill.
 *
 * @module
 */
import { runCommand } from "./steps/command.ts";
import { isolatePrograms } from "./isolated_programs.ts";
import { checkDisk, neededGigabytes, neededGigabytesForCuda } from "./platform.ts";
import { findInterpreter, inspectInterpreter, isSupported } from "./python_interpreter.ts";
import type { SetupContext } from "./setup_context.ts";
import type { Step } from "./steps/step.ts";
import { cudaPackages, dieWithParent, sitePackages, toolPaths } from "./tool_paths.ts";

/**
 * A registry that does not answer ends pip after about two minutes. The user's pip.conf counts for its mirrors and
 * proxies, but not where it says where packages go.
 */
const pipOptions = [
  "--no-user",
  "--target=",
  "--root=/",
  "--no-deps",
  "--only-binary=:all:",
  "--no-input",
  "--disable-pip-version-check",
  "--no-warn-script-location",
  "--quiet",
  "--timeout=20",
  "--retries=3",
];

/** Over pip.conf: settings that would have pip refuse, or do something else. */
const pipSettings = {
  PIP_USER: "0",
  PIP_REQUIRE_VIRTUALENV: "0",
  PIP_DRY_RUN: "0",
  PIP_REQUIRE_HASHES: "0",
  // An empty value would count as none.
  PIP_CONSTRAINT: "/dev/null",
  PIP_REQUIREMENT: "/dev/null",
};

/** Steps that make `.venv` and fill it. */
export function pythonSteps({ root, cuda }: SetupContext): Step[] {
  const pins = `${root}/lib/setup/python`;
  const packages: Step = {
    name: "Python packages",
    takes: "one to five minutes",
    inputs: () => [root, Deno.readTextFileSync(`${pins}/requirements.txt`), "isolated programs"],
    outputs: () => [
      ...["tensorflow/libtensorflow_cc.so.2", "papermill", "nbconvert", "jupyterlab", "plotly"]
        .map((name) => `${sitePackages(root)}/${name}`),
      toolPaths(root).python,
      toolPaths(root).papermill,
    ],
    run: async (cutShort) => {
      // What a killed pip leaves behind may look installed to the next one: begin anew.
      if (cutShort || !await hasEnvironment(root)) await makeEnvironment(root);
      await pipInstall(root, ["-r", `${pins}/requirements.txt`]);
      await isolatePrograms(`${root}/.venv/bin`);
    },
  };
  return [packages, ...cuda ? [cudaStep(root)] : []];
}

/** Installs packages, by pip's arguments, into the project's environment. */
export async function pipInstall(root: string, args: string[]): Promise<void> {
  const { dieWithParent, python } = toolPaths(root);
  const command = [...dieWithParent, root, python, "-I", "-m", "pip", "install", ...pipOptions, ...args];
  await runCommand("install the Python packages", command, { env: pipSettings });
}

/** Whether `.venv` has a supported Python and a pip, and was made in this folder: its scripts hold its path. */
async function hasEnvironment(root: string): Promise<boolean> {
  const { python } = toolPaths(root);
  const own = await inspectInterpreter(python);
  const script = await Deno.readTextFile(`${root}/.venv/bin/pip`).catch(() => "");
  return own !== undefined && isSupported(own) && script.includes(`${root}/.venv/bin/`);
}

async function makeEnvironment(root: string): Promise<void> {
  checkDisk(root, neededGigabytes);
  const { path } = await findInterpreter();
  // The running Deno may be the copy in the environment.
  const { deno } = toolPaths(root);
  const aside = `${root}/.setup/deno`;
  await Deno.rename(deno, aside).catch(ignoreNotFound);
  const command = [...dieWithParent(root, path), root, path, "-I", "-m", "venv", "--clear", `${root}/.venv`];
  await runCommand("make the Python environment .venv", command);
  await Deno.rename(aside, deno).catch(ignoreNotFound);
}

/**
 * TensorFlow's GPU wheel and CUDA, in a folder of their own so that they do not overwrite the CPU wheel. This step
 * has not been run on a machine with a GPU yet.
 */
function cudaStep(root: string): Step {
  const requirements = `${root}/lib/setup/python/requirements_cuda.txt`;
  const folder = cudaPackages(root);
  return {
    name: "CUDA packages",
    takes: "some minutes",
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
