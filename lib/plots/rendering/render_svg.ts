/**
 * Draws a figure as SVG without a browser: plotly.js in a jsdom window of its own (nothing of the DOM reaches
 * the globals of the process), with the layout measures jsdom lacks. Needs the permissions read (of
 * node_modules), env, sys and ffi.
 *
 * @module
 */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { PLOTLY_BUNDLE } from "../plotly_bundle.ts";
import { clientBox, type DomElement, localBox, textWidth } from "./svg_geometry.ts";
import { loadTextMeasurer, type MeasureText } from "./text_width.ts";

/** Plotly's JSON, as a figure has it. */
export interface Drawing {
  data: unknown[];
  /** px */
  layout: { width: number; height: number };
}

// deno-lint-ignore no-explicit-any
type Window = any;

let opened: Promise<Window> | undefined;
let last: Promise<unknown> = Promise.resolve();
const drawings = new WeakMap<Drawing, { json: string; svg: Promise<string> }>();

/**
 * SVG text of a figure, `layout.width` × `layout.height` px. The first call of a process loads Plotly (1-2 s). A figure
 * that is kept and then shown is drawn once, unless it was changed in between.
 *
 * @throws {Error} The figure is not one Plotly can draw; the message says why.
 *
 * @example
 * ```ts
 * import { readArms, scoresByArm } from "consilium/results";
 * import { figureToSvg, organDice } from "consilium/plots";
 *
 * const scores = scoresByArm(await readArms("hippocampus"));
 * await Deno.writeTextFile("organ_dice.svg", await figureToSvg(organDice(scores)));
 * ```
 */
export function figureToSvg(figure: Drawing): Promise<string> {
  const json = JSON.stringify(figure);
  const before = drawings.get(figure);
  if (before?.json === json) return before.svg;
  const svg = last.then(() => draw(figure, json)); // one at a time: Plotly measures text in one shared element
  last = svg.catch(() => {});
  drawings.set(figure, { json, svg });
  return svg;
}

async function draw(figure: Drawing, json: string): Promise<string> {
  const window = await (opened ??= openWindow());
  const { width, height } = figure.layout;
  const element = window.document.body.appendChild(window.document.createElement("div"));
  element.style.width = `${width}px`;
  element.style.height = `${height}px`;
  try {
    window.Math.random = randomOf(json);
    // Parsed in the window's own realm, where Plotly's instanceof checks hold.
    const { data, layout } = window.JSON.parse(json);
    await window.Plotly.newPlot(element, data, layout, { staticPlot: true });
    const svg = await window.Plotly.toImage(element, { format: "svg", width, height, imageDataOnly: true });
    return clean(svg);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String((error as Error)?.message ?? error);
    throw new Error(`Cannot draw figure as SVG: ${reason}`, { cause: error });
  } finally {
    window.Plotly.purge(element);
    element.remove();
  }
}

/**
 * Plotly draws its ids at random: drawn from the figure itself, the same figure is the same file, and two figures on
 * one page do not share ids.
 */
function randomOf(json: string): () => number {
  let seed = 0;
  for (let i = 0; i < json.length; i++) seed = (Math.imul(seed, 31) + json.charCodeAt(i)) | 0;
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
}

/** Replaces characters that XML forbids, which names may hold, and quotes in url('#…'), which resvg cannot read. */
function clean(svg: string): string {
  return svg
    // deno-lint-ignore no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replace(/url\((?:'|&quot;|&apos;)(#[\w-]+)(?:'|&quot;|&apos;)\)/g, "url($1)");
}

async function openWindow(): Promise<Window> {
  const [{ JSDOM, VirtualConsole }, { createCanvas }, measure, source] = await Promise.all([
    import("jsdom"),
    import("@napi-rs/canvas"),
    loadTextMeasurer(),
    Deno.readTextFile(new URL(import.meta.resolve(PLOTLY_BUNDLE))),
  ]);
  const { window } = new JSDOM("<!doctype html><body></body>", {
    runScripts: "outside-only",
    pretendToBeVisual: true,
    virtualConsole: new VirtualConsole(), // what a page logs is not for a notebook's reader
  });
  Object.assign(window, { TextDecoder, TextEncoder });
  window.URL.createObjectURL = () => "";
  window.matchMedia = () => ({ matches: false, addListener() {}, removeListener() {} });
  giveLayout(window, measure);
  giveCanvas(window, createCanvas);
  window.eval(source);
  return window;
}

function giveLayout(window: Window, measure: MeasureText): void {
  const svg = window.SVGElement.prototype;
  svg.getBBox = function () {
    return localBox(this, measure);
  };
  svg.getComputedTextLength = function () {
    return textWidth(this, measure);
  };
  svg.getTotalLength = () => 100;
  svg.getPointAtLength = (length: number) => ({ x: length, y: 0 });
  window.Element.prototype.getBoundingClientRect = function () {
    const box = this instanceof window.SVGElement ? clientBox(this, measure) : htmlBox(this);
    const { x, y, width, height } = box;
    return { x, y, width, height, left: x, top: y, right: x + width, bottom: y + height };
  };
}

function htmlBox(element: DomElement) {
  const [width, height] = [parseFloat(element.style.width) || 0, parseFloat(element.style.height) || 0];
  return { x: 0, y: 0, width, height };
}

/** Heatmaps and images are drawn on a canvas and become PNG data in the SVG. */
function giveCanvas(window: Window, createCanvas: (width: number, height: number) => unknown): void {
  const canvases = new WeakMap<object, Window>();
  const prototype = window.HTMLCanvasElement.prototype;
  const canvasOf = (element: Window) => {
    let canvas = canvases.get(element);
    if (!canvas || canvas.width !== element.width || canvas.height !== element.height) {
      canvases.set(element, canvas = createCanvas(element.width, element.height));
    }
    return canvas;
  };
  prototype.getContext = function (kind: string) {
    return canvasOf(this).getContext(kind);
  };
  prototype.toDataURL = function () {
    return canvasOf(this).toDataURL("image/png");
  };
}
