/**
 * Set-up of the program `consilium`: the tasks of deno.json from any folder, without npx.
 *
 * @module
 */
import type { SetupContext } from "./setup_context.ts";
import type { Step } from "./steps/step.ts";
import { toolPaths } from "./tool_paths.ts";
import { launcherPath, shellWord } from "./typed.ts";

/** Environment variable by which the launcher tells a command the folder it was typed in. */
export const callersFolder = "CONSILIUM_FOLDER";

/** The step that writes the launcher. */
export function launcherSteps({ root }: SetupContext): Step[] {
  const path = launcherPath(root);
  return [{
    name: "launcher",
    inputs: () => [launcherText(root)],
    outputs: () => [path],
    run: () => {
      Deno.writeTextFileSync(`${path}.partial`, launcherText(root), { mode: 0o755 });
      Deno.renameSync(`${path}.partial`, path);
      return Promise.resolve();
    },
  }];
}

/**
 * The launcher of the project in `root`, a program for any shell. It hands over to `deno task`, which has each task's
 * permissions from deno.json and does set-up first; what is no task is answered by commands/consilium.ts.
 */
export function launcherText(root: string): string {
  const { tasks } = JSON.parse(Deno.readTextFileSync(`${root}/deno.json`));
  return `#!/bin/sh
# The commands of Consilium from any folder. Written by its set-up (lib/setup/launcher.ts).
root=${shellWord(root)}
deno=${shellWord(toolPaths(root).deno)}
${callersFolder}=$PWD
export ${callersFolder}
if [ "$1" = help ] && [ $# -gt 1 ]; then
  set -- "$2" --help
fi
case "$1" in
${Object.keys(tasks).join(" | ")})
  exec "$deno" task --quiet --config "$root/deno.json" "$@" ;;
*)
  exec "$deno" run --quiet --no-prompt --config "$root/deno.json" --allow-read --allow-env \\
    "$root/lib/commands/consilium.ts" "$@" ;;
esac
`;
}
