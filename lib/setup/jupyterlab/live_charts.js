/**
 * An extension of JupyterLab that mends the renderer of Plotly figures that the Python package "plotly" brings:
 *
 * - it draws a figure at once, where that one shows a figure's PNG form until the mouse comes near;
 * - it draws a figure that was sent again in its place, where that one keeps the first for ever;
 * - it leaves the notebook's PNG as the kernel drew it.
 *
 * JupyterLab loads this file as it is: there is no build step.
 */
const MIME = "application/vnd.plotly.v1+json";

async function mendRenderer() {
  const plotly = globalThis._JUPYTERLAB["jupyterlab-plotly"];
  if (!plotly) return;
  const { RenderedPlotly } = (await plotly.get("./mimeExtension"))();
  RenderedPlotly.prototype.renderModel = function (model) {
    const figure = JSON.stringify(model.data[MIME]);
    if (figure === this.shownFigure) return Promise.resolve();
    this.shownFigure = figure;
    // A copy, because Plotly writes into what it draws; and one that refuses the PNG of the page.
    return this.createGraph({ data: { [MIME]: JSON.parse(figure) }, setData() {} });
  };
}

(globalThis._JUPYTERLAB ??= {})["consilium-live-charts"] = {
  init() {},
  async get() {
    await mendRenderer();
    return () => ({ __esModule: true, default: [] });
  },
};
