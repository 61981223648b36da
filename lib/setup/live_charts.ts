/**
 * Set-up of the extension by which JupyterLab draws Plotly figures live: jupyterlab/live_charts.js says why.
 *
 * @module
 */
import type { SetupContext } from "./setup_context.ts";
import type { Step } from "./steps/step.ts";

/** What JupyterLab reads to find an extension that was not built with its tools. */
const description = {
  name: "consilium-live-charts",
  version: "1.0.0",
  jupyterlab: {
    mimeExtension: true,
    _build: { load: "static/live_charts.js", mimeExtension: "./mimeExtension" },
  },
};

/** Steps that put the extension into the environment. */
export function liveChartsSteps({ root }: SetupContext): Step[] {
  const source = `${root}/lib/setup/jupyterlab/live_charts.js`;
  const folder = `${root}/.venv/share/jupyter/labextensions/${description.name}`;
  return [{
    name: "JupyterLab's live charts",
    inputs: () => [Deno.readTextFileSync(source), JSON.stringify(description)],
    outputs: () => [`${folder}/package.json`],
    run: async () => {
      await Deno.mkdir(`${folder}/static`, { recursive: true });
      await Deno.copyFile(source, `${folder}/static/live_charts.js`);
      await Deno.writeTextFile(`${folder}/package.json`, JSON.stringify(description, null, 2) + "\n");
    },
  }];
}
