/**
 * Finds the Python that the project's environment is made with.
 *
 * @module
 */
import { SetupError } from "./steps/setup_error.ts";

/** Newest and oldest Python for which TensorFlow 2.21 has wheels. */
const oldest = 10;
const newest = 13;

const install =
  "install Python 3.10 to 3.13 with venv (Debian, Ubuntu: sudo apt install python3 python3-venv) and " +
  "run the command again";

/** A Python found on this machine. */
export interface Interpreter {
  path: string;
  /** For example `[3, 11, 7]`. */
  version: [major: number, minor: number, patch: number];
  /** Whether it can make environments: Debian ships `venv` and `ensurepip` apart. */
  venv: boolean;
}

const probe = `
import importlib.util, json, sys
venv = all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))
print(json.dumps({"path": sys.executable, "version": sys.version_info[:3], "venv": venv}))
`;

/** Asks the Python named `command` about itself; undefined if there is none or it does not run. */
export async function inspectInterpreter(command: string): Promise<Interpreter | undefined> {
  try {
    const { success, stdout } = await new Deno.Command(command, { args: ["-I", "-c", probe], stderr: "null" })
      .output();
    return success ? JSON.parse(new TextDecoder().decode(stdout)) : undefined;
  } catch {
    return undefined; // not on PATH, or it is no Python
  }
}

/** Whether TensorFlow has a wheel for this Python. */
export function isSupported({ version: [major, minor] }: Interpreter): boolean {
  return major === 3 && minor >= oldest && minor <= newest;
}

/**
 * The first usable Python among `found`.
 *
 * @throws {SetupError} if there is none, saying which and why
 */
export function chooseInterpreter(found: Interpreter[]): Interpreter {
  const supported = found.filter(isSupported);
  const chosen = supported.find(({ venv }) => venv);
  if (chosen) return chosen;
  const [first] = supported;
  if (first) {
    const { path, version } = first;
    throw new SetupError(
      `Cannot set up: Python ${
        version.join(".")
      } lacks the venv module (${path}); install it (Debian, Ubuntu: ` +
        `sudo apt install python3.${version[1]}-venv) and run the command again.`,
    );
  }
  if (found.length === 0) throw new SetupError(`Cannot set up: there is no Python on the PATH; ${install}.`);
  const list = found.map(({ path, version }) => `${version.join(".")} (${path})`).join(", ");
  throw new SetupError(`Cannot set up: Python must be 3.10 to 3.13, found ${list}; ${install}.`);
}

/** The Python to make the environment with: `python3` if it will do, else a versioned one. */
export async function findInterpreter(): Promise<Interpreter> {
  const found: Interpreter[] = [];
  for (const command of ["python3", "python3.13", "python3.12", "python3.11", "python3.10", "python"]) {
    const interpreter = await inspectInterpreter(command);
    if (interpreter === undefined || found.some(({ path }) => path === interpreter.path)) continue;
    if (isSupported(interpreter) && interpreter.venv) return interpreter;
    found.push(interpreter);
  }
  return chooseInterpreter(found);
}
