/**
 * Runs set-up's external programs and turns their failures into one sentence.
 *
 * @module
 */
import { SetupError } from "./setup_error.ts";
import { toolEnvironment } from "../tool_environment.ts";

const registry =
  /timed out|timeout|name resolution|dns error|error sending request|Connection refused|ConnectionError|NewConnectionError|Network is unreachable|Max retries exceeded|tunnel connection failed|client error \(Connect\)|ECONNREFUSED|EAI_AGAIN/i;

/** Symptoms in a program's output, the likeliest cause first, and what they mean. */
const explanations: [symptom: RegExp, meaning: string][] = [
  [/No space left on device|os error 28|ENOSPC/i, "the disk is full; free 3 GB and run the command again"],
  [
    registry,
    "the package registry does not answer; check the network and the proxy or mirror settings (HTTPS_PROXY, " +
    "pip's index-url, npm's registry), and run the command again",
  ],
  [
    /Permission denied|Read-only file system|os error 13|EACCES/i,
    "a file may not be written; run it as the owner of the folder and of the caches in the home folder",
  ],
  [
    /No matching distribution found/i,
    "the Python package registry offers no wheel for this machine; the wheels need glibc 2.28 or newer and an up-to-date mirror",
  ],
  [
    /lockfile is out of date|lock file.*frozen|integrity check failed/i,
    "deno.lock does not match; restore deno.json and deno.lock as they were committed",
  ],
];

/** One sentence on why `action` failed, from what the program printed. */
export function explainFailure(action: string, output: string): string {
  const lines = output.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const own = lines.findLast((line) => line.startsWith("Cannot load TensorFlow: ")); // load_tensorflow.ts
  if (own) return own;
  for (const [symptom, meaning] of explanations) {
    if (symptom.test(output)) return `Cannot ${action}: ${meaning}.`;
  }
  const cause = lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? "no message";
  return `Cannot ${action}: ${cause.slice(0, 300)}`;
}

/** Options of {@linkcode runCommand}. */
export interface CommandOptions {
  /** Added to the environment. @default {} */
  env?: Record<string, string>;
  /** @default 1800 */
  timeoutSeconds?: number;
}

/**
 * Runs `command` to its end and returns what it printed on stdout. `action` completes the sentence "Cannot …".
 *
 * @throws {SetupError} if it cannot start, fails, or takes longer than `timeoutSeconds`
 */
export async function runCommand(
  action: string,
  command: string[],
  { env = {}, timeoutSeconds = 1800 }: CommandOptions = {},
): Promise<string> {
  const signal = AbortSignal.timeout(timeoutSeconds * 1000);
  let output;
  try {
    output = await new Deno.Command(command[0]!, {
      args: command.slice(1),
      clearEnv: true,
      env: { ...toolEnvironment(), NO_COLOR: "1", ...env },
      stdin: "null",
      signal,
    }).output();
  } catch (error) {
    throw new SetupError(`Cannot ${action}: ${(error as Error).message} (${command[0]}).`);
  }
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const stdout = text(output.stdout), stderr = text(output.stderr);
  if (signal.aborted) {
    throw new SetupError(
      `Cannot ${action}: it took longer than ${
        timeoutSeconds / 60
      } minutes, perhaps because the package registry ` +
        "does not answer; check the network and run the command again.",
    );
  }
  if (!output.success) {
    const end = `it ended with ${output.signal ?? `code ${output.code}`} and without a message`;
    throw new SetupError(explainFailure(action, `${stdout}\n${stderr}`.trim() || end));
  }
  return stdout;
}
