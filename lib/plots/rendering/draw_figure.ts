/**
 * A figure in the three forms that are kept.
 *
 * @module
 */
import type { Figure } from "../figure.ts";
import { svgToPng } from "./render_png.ts";
import { figureToSvg } from "./render_svg.ts";

/** The contents of a figure's files, by extension. */
export interface DrawnFigure {
  /** Plotly's JSON, for whoever wants to change it. */
  json: string;
  svg: string;
  png: Uint8Array<ArrayBuffer>;
}

/** @throws Error when the figure is not one Plotly can draw; the message says why */
export async function drawFigure(figure: Figure): Promise<DrawnFigure> {
  const svg = await figureToSvg(figure);
  return { json: `${JSON.stringify(figure)}\n`, svg, png: await svgToPng(svg) };
}
