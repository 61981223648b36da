/**
 * Set-up of the npm packages that deno.lock pins.
 *
 * @module
 */
import { runCommand } from "./steps/command.ts";
import type { SetupContext } from "./setup_context.ts";
import type { Step } from "./steps/step.ts";
import { toolPaths } from "./tool_paths.ts";

/** Steps that install the npm packages. */
export function npmSteps({ root }: SetupContext): Step[] {
  return [{
    name: "npm packages",
    takes: "half a minute to two minutes",
    inputs: () => [Deno.readTextFileSync(`${root}/deno.lock`)],
    outputs: () => [`${root}/node_modules/.deno`, `${root}/node_modules/@tensorflow/tfjs-node-gpu`],
    run: async () => {
      // Deno installs each package under a temporary name, so a repetition finds whole packages only.
      const command = [
        ...toolPaths(root).dieWithParent,
        root,
        Deno.execPath(),
        "install",
        "--frozen",
        "--quiet",
      ];
      await runCommand("install the npm packages", command);
    },
  }];
}
