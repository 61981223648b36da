/**
 * Set-up of the notebooks' kernel: the pinned Deno, its kernelspec, and papermill's translator for it.
 *
 * `deno jupyter --install` would write into the user's home and start whatever Deno is on the PATH, in whatever
 * folder the notebook lies; this kernelspec lives in the project's environment and starts the pinned one in the
 * project's root, where the import map is.
 *
 * @module
 */
import { denoVersion } from "./platform.ts";
import type { SetupContext } from "./setup_context.ts";
import type { Step } from "./steps/step.ts";
import { sitePackages, toolPaths } from "./tool_paths.ts";

/** Steps that make the kernel. */
export function kernelSteps({ root }: SetupContext): Step[] {
  const kernelspec = `${root}/.venv/share/jupyter/kernels/deno/kernel.json`;
  const translator = `${root}/lib/setup/python/papermill_deno.py`;
  const distribution = () => `${sitePackages(root)}/papermill_deno-1.dist-info`;
  return [
    {
      name: "Deno for the kernel",
      inputs: () => [denoVersion],
      outputs: () => [toolPaths(root).deno],
      run: () => copyDeno(toolPaths(root).deno),
    },
    {
      name: "Jupyter kernel",
      inputs: () => [kernelspecText(root)],
      outputs: () => [kernelspec],
      run: () => Promise.resolve(replaceFile(kernelspec, kernelspecText(root))),
    },
    {
      name: "papermill translator",
      inputs: () => [Deno.readTextFileSync(translator)],
      outputs: () => [`${sitePackages(root)}/papermill_deno.py`, `${distribution()}/METADATA`],
      // These files are all that pip would install; having pip do so would take setuptools and a network.
      run: () => {
        replaceFile(`${sitePackages(root)}/papermill_deno.py`, Deno.readTextFileSync(translator));
        replaceFile(
          `${distribution()}/entry_points.txt`,
          "[papermill.engine]\ndeno = papermill_deno:DenoEngine\n",
        );
        replaceFile(
          `${distribution()}/METADATA`,
          "Metadata-Version: 2.1\nName: papermill-deno\nVersion: 1\n",
        );
        return Promise.resolve();
      },
    },
  ];
}

/** The kernelspec of the project in `root`, as JSON. */
export function kernelspecText(root: string): string {
  const { deno, dieWithParent } = toolPaths(root);
  return JSON.stringify(
    {
      argv: [...dieWithParent, root, deno, "jupyter", "--kernel", "--conn", "{connection_file}"],
      display_name: "Deno",
      language: "typescript",
      env: { NO_COLOR: "1" },
    },
    null,
    2,
  ) + "\n";
}

async function copyDeno(path: string): Promise<void> {
  if (Deno.execPath() === path) return;
  await Deno.copyFile(Deno.execPath(), `${path}.partial`);
  await Deno.chmod(`${path}.partial`, 0o755);
  await Deno.rename(`${path}.partial`, path);
}

function replaceFile(path: string, text: string): void {
  Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  Deno.writeTextFileSync(`${path}.partial`, text);
  Deno.renameSync(`${path}.partial`, path);
}
