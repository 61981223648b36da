/**
 * A figure in the three forms that are kept and shown.
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

const drawn = new WeakMap<Figure, { json: string; drawing: Promise<DrawnFigure> }>();

/**
 * Draws a figure. One that is kept and then shown is drawn once; one that was changed in between is drawn again.
 *
 * @throws Error when it is not one Plotly can draw; the message says why
 */
export function drawFigure(figure: Figure): Promise<DrawnFigure> {
  const json = `${JSON.stringify(figure)}\n`;
  const before = drawn.get(figure);
  if (before?.json === json) return before.drawing;
  const drawing = draw(figure, json);
  drawn.set(figure, { json, drawing });
  return drawing;
}

async function draw(figure: Figure, json: string): Promise<DrawnFigure> {
  const svg = await figureToSvg(figure);
  return { json, svg, png: await svgToPng(svg) };
}
