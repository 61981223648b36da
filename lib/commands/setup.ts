/**
 * The command `setup`: makes this machine ready. The other commands begin with it.
 *
 * Nothing here imports an npm package, since the first run installs them. Exits 1 when it fails, 2 when it was called
 * wrongly.
 *
 * @module
 */
import { ensureSetup } from "../setup/setup.ts";
import { SetupError } from "../setup/steps/setup_error.ts";
import { findsLauncher, typed } from "../setup/typed.ts";
import { exitWith } from "../terminal/exit_with.ts";
import { UsageError } from "../terminal/usage.ts";

const usage = () =>
  `Usage: ${typed("setup")}

Makes this machine ready: Python's and npm's packages, the notebooks' kernel,
TensorFlow and the program consilium. A few minutes and 3 GB in the project's
folder, once; what is there already is kept. The other commands do it first
wherever something is missing or a pull has changed it.

Options:
  --quiet   say nothing where nothing is to be done
  --gpu     take TensorFlow's build for NVIDIA GPUs (6 GB more) though there is
            no driver here, as on a login node; with a driver it is taken anyway`;

/** Says, where the launcher is not found yet, how it is from now on. */
function ready(): string {
  if (findsLauncher()) return "Consilium is set up.";
  return `Consilium is set up. In this folder, once a terminal:  source .venv/bin/activate
and then in any folder:  consilium   (it lists the commands)`;
}

/** Runs the command; returns the exit code. */
export async function setup(args: string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(usage());
    return 0;
  }
  const others = args.filter((arg) => arg !== "--quiet" && arg !== "--gpu");
  if (others.length > 0) {
    throw new UsageError(
      `Cannot set up: it takes --quiet and --gpu, current arguments are ${others.join(" ")}`,
    );
  }
  try {
    const done = await ensureSetup({ gpu: args.includes("--gpu") });
    if (done || !args.includes("--quiet")) console.error(ready());
    return 0;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    return 1;
  }
}

if (import.meta.main) await exitWith(setup);
