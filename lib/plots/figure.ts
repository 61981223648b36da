/**
 * A figure: Plotly's data and layout as plain JSON, which a notebook shows by itself.
 *
 * @module
 */
import { unescapePlotly } from "./escape.ts";
import { TEMPLATE } from "./template.ts";

/** A notebook calls the method of this name to learn how to show a value. */
export const JUPYTER_DISPLAY = Symbol.for("Jupyter.display");

/** What a notebook shows, by media type. */
export type MimeBundle = Record<string, unknown>;

export type Trace = Record<string, unknown>;

export type Layout = Record<string, unknown>;

/** Plain Plotly JSON: `data` and `layout` may be changed freely before the figure is shown or saved. */
export interface Figure {
  data: Trace[];
  /** With its size in px: a figure looks the same in a notebook, on GitHub and in a paper. */
  layout: Layout & { width: number; height: number };
  /** It shows scans that must not be published: a notebook shows it only where git keeps no outputs. @default false */
  unpublished?: boolean;
  /** Plotly's JSON for JupyterLab; a PNG for whatever cannot run it; text. */
  [JUPYTER_DISPLAY]: () => Promise<MimeBundle>;
}

/** Width of a figure in px, where nothing else is said. */
export const WIDTH = 860;
const HEIGHT = 460;

/**
 * Makes a figure of Plotly traces and a layout, in the house style. Typed arrays become arrays, and what is not
 * finite becomes null (a gap).
 *
 * @example
 * ```ts
 * import { figure } from "consilium/plots";
 *
 * figure([{ type: "bar", x: ["Liver", "Spleen"], y: [0.94, 0.91] }], { title: { text: "Dice" }, height: 300 });
 * ```
 */
export function figure(data: Trace[], layout: Layout = {}): Figure {
  return {
    data: plain(data),
    layout: plain({ template: TEMPLATE, width: WIDTH, height: HEIGHT, ...layout }),
    [JUPYTER_DISPLAY]() {
      return bundle(this);
    },
  };
}

/** What JupyterLab needs of a figure. */
export function interactiveBundle(figure: Figure): MimeBundle {
  const { data, layout } = figure;
  return {
    "application/vnd.plotly.v1+json": { data, layout, config: { displaylogo: false } },
    "text/plain": describe(figure),
  };
}

async function bundle(figure: Figure): Promise<MimeBundle> {
  // Loaded here, as are the renderers: a page draws figures in a browser, where none of this is.
  const { UNPUBLISHED, whyNotShown } = await import("../runs/notebooks/notebook_file.ts");
  const reason = figure.unpublished && whyNotShown();
  if (reason) return { "text/plain": reason };
  const shown = interactiveBundle(figure);
  if (figure.unpublished) shown[UNPUBLISHED] = {};
  try {
    const [{ figureToSvg }, { svgToPng }] = await Promise.all([
      import("./rendering/render_svg.ts"),
      import("./rendering/render_png.ts"),
    ]);
    // For whoever cannot run the interactive form: a small one, since an executed notebook holds many.
    shown["image/png"] = (await svgToPng(await figureToSvg(figure), { scale: 1 })).toBase64();
  } catch (error) {
    // Hours of training may precede this figure: its interactive form is still good.
    console.warn(`The figure is shown without its PNG form: ${(error as Error).message}`);
  }
  return shown;
}

/**
 * The figure in one line.
 *
 * @example
 * ```ts
 * import { describe, figure } from "consilium/plots";
 *
 * const bars = figure([{ type: "bar", x: ["Liver", "Spleen"], y: [0.94, 0.91] }], { title: { text: "Dice" } });
 * console.log(describe(bars)); // Figure: Dice (1 traces, 860 × 460 px)
 * ```
 */
export function describe({ data, layout }: Figure): string {
  const title = layout.title as { text?: string } | undefined;
  const text = (title?.text ?? "untitled").split("</span><br>")[0]!.replace(/<[^>]*>/g, " ").trim();
  return `Figure: ${unescapePlotly(text)} (${data.length} traces, ${layout.width} × ${layout.height} px)`;
}

function plain<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value, (_, item) => ArrayBuffer.isView(item) ? Array.from(item as Uint8Array) : item),
  );
}
