/**
 * Makes a machine ready: `ensureSetup` does whatever the steps below say is missing.
 *
 * Nothing here imports an npm package, since the first run installs them.
 *
 * @module
 */
import { addonSteps } from "./addon.ts";
import { kernelSteps } from "./notebook_kernel.ts";
import { launcherSteps } from "./launcher.ts";
import { liveChartsSteps } from "./live_charts.ts";
import { withLock } from "./steps/lock.ts";
import { npmSteps } from "./npm_packages.ts";
import { checkFolder, checkPlatform, thisPlatform } from "./platform.ts";
import { pythonSteps } from "./python_environment.ts";
import type { SetupContext } from "./setup_context.ts";
import { isDone, type Step } from "./steps/step.ts";
import { performShown, writeToStderr } from "./steps/step_line.ts";
import { projectRoot, usesCuda } from "./tool_paths.ts";

/** Options of {@linkcode ensureSetup}. */
export interface SetupOptions {
  /** The project's folder. @default this project */
  root?: string;
  /** Take TensorFlow's GPU build though there is no driver here, such as for other machines that share this folder. @default false */
  gpu?: boolean;
  /** Receives the pieces of the progress lines. @default writes them to stderr */
  write?: (text: string) => void;
}

/** Every step, in the order in which they depend on each other. */
export function setupSteps(context: SetupContext): Step[] {
  const steps = [pythonSteps, npmSteps, kernelSteps, liveChartsSteps, addonSteps, launcherSteps];
  return steps.flatMap((stepsOf) => stepsOf(context));
}

/**
 * Makes sure that packages, kernel and TensorFlow are there. Safe to call from several processes at once, and again
 * after being killed at any moment; takes milliseconds when nothing is to be done.
 *
 * @returns whether there was anything to do
 * @throws {SetupError} with one sentence saying what is missing and what to do
 */
export async function ensureSetup(options: SetupOptions = {}): Promise<boolean> {
  const { root = projectRoot, gpu = false, write = writeToStderr } = options;
  checkPlatform(thisPlatform());
  checkFolder(root);
  const steps = setupSteps({ root, cuda: gpu || usesCuda(root) });
  const stamps = `${root}/.setup`;
  if (steps.every((step) => isDone(step, stamps))) return false;
  Deno.mkdirSync(stamps, { recursive: true });
  await withLock(`${stamps}/lock`, async () => {
    for (const step of steps) {
      if (isDone(step, stamps)) continue;
      await performShown(step, { stamps, write });
    }
  }, { onWait: () => write("Setting up: waiting for another set-up of this folder to end …\n") });
  return true;
}
