/**
 * Set-up of the benchmarks' peers: PyTorch, MONAI, nnU-Net and others in an environment of their own, since nothing but
 * the command `bench` needs them.
 *
 * @module
 */
import { withLock } from "./steps/lock.ts";
import { checkDisk } from "./platform.ts";
import { runCommand } from "./steps/command.ts";
import { pipInstall } from "./python_environment.ts";
import { inspectInterpreter } from "./python_interpreter.ts";
import type { SetupOptions } from "./setup.ts";
import { SetupError } from "./steps/setup_error.ts";
import { isDone, type Step } from "./steps/step.ts";
import { performShown, writeToStderr } from "./steps/step_line.ts";
import { projectRoot, toolPaths } from "./tool_paths.ts";
import { typed } from "./typed.ts";

/** The packages unpack to 5.3 GB, and pip keeps the 2.9 GB it downloads. */
export const neededGigabytesForPeers = 9;

/** Oldest Python for which all pinned packages have wheels. */
const oldestMinor = 11;

/** The Python of the peers' environment; it exists once `ensurePeers` has returned. */
export function peersPython(root: string = projectRoot): string {
  return `${root}/.venv-peers/bin/python`;
}

/** Whether the peers are set up, and as pinned now. */
export function hasPeers(root: string = projectRoot): boolean {
  return isDone(peersStep(root), stampsOf(root));
}

/**
 * Makes sure that the peers' environment is there; the project's own must be. Safe to call again after being killed at
 * any moment.
 *
 * @throws {SetupError} with one sentence saying what is missing and what to do
 */
export async function ensurePeers(
  { root = projectRoot, write = writeToStderr }: SetupOptions = {},
): Promise<void> {
  await withLock(`${stampsOf(root)}/lock`, async () => {
    if (hasPeers(root)) return;
    await performShown(peersStep(root), { stamps: stampsOf(root), write });
  }, { onWait: () => write("Waiting for another set-up of this folder to end …\n") });
}

const stampsOf = (root: string) => `${root}/.setup`;

function peersStep(root: string): Step {
  const folder = `${root}/.venv-peers`;
  const requirements = `${root}/benchmarks/contests/requirements.txt`;
  return {
    name: "Benchmark peers",
    takes: `several minutes, ${neededGigabytesForPeers} GB of disk`,
    inputs: () => [root, Deno.readTextFileSync(requirements)],
    outputs: () => [peersPython(root)],
    run: async () => {
      const { dieWithParent, python } = toolPaths(root);
      const { version } = (await inspectInterpreter(python))!;
      if (version[1] < oldestMinor) {
        throw new SetupError(
          `Cannot set up the peers: Python must be 3.${oldestMinor} to 3.13, .venv has ${
            version.join(".")
          }; ` +
            `remove .venv, install a newer Python and type: ${typed("setup")}`,
        );
      }
      // What an earlier attempt or other pins left would lie among the new packages.
      await Deno.remove(folder, { recursive: true }).catch(ignoreNotFound);
      checkDisk(root, neededGigabytesForPeers);
      const venv = [python, "-I", "-m", "venv", "--without-pip", folder];
      await runCommand("make the Python environment .venv-peers", [...dieWithParent, root, ...venv]);
      // The pip of the project's environment fills this one; what it knows as installed is not in it.
      await pipInstall(root, ["--prefix", folder, "--ignore-installed", "-r", requirements]);
    },
  };
}

function ignoreNotFound(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
