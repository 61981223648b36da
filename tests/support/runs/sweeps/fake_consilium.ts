/** A stand-in for the program `consilium`, in a folder whose name has all that a shell might stumble over. */
import { eventually } from "../../eventually.ts";
import { withFolder } from "../with_folder.ts";

/**
 * It writes its arguments and CONSILIUM_DATA, as a line, to `calls`. A share `i/n` has a file `i` with what is to become of it,
 * a word a try: an exit code; `hang`, which waits for TERM, half a minute at most, and ends with 130, as the sweep does; `kill`, which kills itself. Without a file, or
 * another word, it ends well.
 */
const program = `#!/bin/bash
cd "$(dirname "$0")"
share="\${!#}"
line="$(printf '%s|' begin "$@" "$CONSILIUM_DATA" | tr '\\n' '~')"
echo "$line" >> calls # in one piece: several may write at once
i="\${share%%/*}"
word=ok
[ -e "$i" ] && word="$(head -n 1 "$i")" && sed -i 1d "$i"
case "$word" in
  hang) trap 'echo "stopped $i" >> calls; exit 130' TERM; touch "hangs $i"; for _ in {1..600}; do sleep 0.05; done; exit 9 ;;
  kill) kill -KILL $$ ;;
  "" | ok) ;;
  *) exit "$word" ;;
esac
echo "ended $i" >> calls
`;

/** Name of the folder; also what a sweep's file and the folder of data may be called. */
export const oddName = 'it\'s a "folder"\nof $(touch evil) \`x\` $HOME $$ %a \\ é';

export interface FakeConsilium {
  folder: string;
  consilium: string;
  /** What is to become of the tries of a share. */
  plan(share: number, tries: string[]): Promise<void>;
  /** The lines of what it wrote. */
  calls(): Promise<string[]>;
}

export function withFakeConsilium(test: (fake: FakeConsilium) => Promise<void>): Promise<void> {
  return withFolder(async (root) => {
    const folder = `${root}/${oddName}`;
    await Deno.mkdir(folder);
    const consilium = `${folder}/consilium`;
    await Deno.writeTextFile(consilium, program, { mode: 0o755 });
    await Deno.writeTextFile(`${folder}/calls`, "");
    await test({
      folder,
      consilium,
      plan: (share, tries) => Deno.writeTextFile(`${folder}/${share}`, `${tries.join("\n")}\n`),
      calls: async () => (await Deno.readTextFile(`${folder}/calls`)).split("\n").slice(0, -1),
    });
  });
}

/** A call as it is written. */
export function callLine(sweep: string, share: string | undefined, data: string): string {
  const words = ["begin", "sweep", sweep, ...share === undefined ? [] : ["--array", share], data];
  return words.map((word) => `${word.replaceAll("\n", "~")}|`).join("");
}

export interface ScriptEnd {
  code: number;
  stderr: string;
}

export interface RunScriptOptions {
  folder: string;
  env?: Record<string, string>;
  /** Sent once these shares hang. */
  signal?: { name: Deno.Signal; hanging: readonly number[] };
}

/** Runs a script in the folder with a shell. */
export async function runScript(
  shell: string,
  script: string,
  { folder, env = {}, signal }: RunScriptOptions,
): Promise<ScriptEnd> {
  const path = `${folder}/script`;
  await Deno.writeTextFile(path, script);
  const child = new Deno.Command(shell, {
    args: [path],
    cwd: folder,
    env: { ...env, PATH: `${folder}:${Deno.env.get("PATH")}`, stopped: "1", over: "1" },
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  if (signal) {
    const ended = output.then(({ stderr }) => new TextDecoder().decode(stderr));
    for (const share of signal.hanging) {
      await eventually(() => Deno.stat(`${folder}/hangs ${share}`), { ended });
    }
    child.kill(signal.name);
  }
  const { code, stderr } = await output;
  return { code, stderr: new TextDecoder().decode(stderr) };
}
