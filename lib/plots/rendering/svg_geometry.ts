/**
 * The layout measures Plotly asks of a browser, given to jsdom: boxes of SVG elements with their transforms, and
 * widths of text. A shim that answers zero or ignores rotation makes Plotly drop or overlap tick labels without
 * a word, so all of it is computed.
 *
 * @module
 */
import { type Box, boxAround, type Matrix, multiply, parseTransform } from "./svg_matrix.ts";
import { pathBox, transformBox, union } from "./svg_matrix.ts";
import type { MeasureText, TextStyle } from "./text_width.ts";

/** The part of a DOM element that is used; jsdom brings no types. */
export interface DomElement {
  tagName: string;
  textContent: string | null;
  style: { width: string; height: string };
  parentElement: DomElement | null;
  children: Iterable<DomElement>;
  childNodes: Iterable<DomElement & { nodeType: number }>;
  getAttribute(name: string): string | null;
  querySelectorAll(selector: string): Iterable<DomElement>;
}

const DEFAULT_SIZE = 12;
/** Ascent and height of a line of DejaVu Sans, as shares of the font size (hhea table: 0.928, 0.236). */
const ASCENT = 0.928, LINE = 1.164;

/** Box of an element in its own coordinates, before its own `transform`. */
export function localBox(element: DomElement, measure: MeasureText): Box {
  const number = (name: string) => numberOf(element, name);
  const tag = element.tagName.toLowerCase();
  if (property(element, "display") === "none") return boxAround([]);
  if (tag === "text" || tag === "tspan") return textBox(element, measure);
  if (tag === "path") return pathBox(element.getAttribute("d") ?? "");
  if (tag === "rect" || tag === "image") {
    return { x: number("x"), y: number("y"), width: number("width"), height: number("height") };
  }
  if (tag === "circle") {
    const r = number("r");
    return { x: number("cx") - r, y: number("cy") - r, width: 2 * r, height: 2 * r };
  }
  if (tag === "defs" || tag === "clippath") return boxAround([]);
  return union(
    [...element.children].map((child) => transformBox(localBox(child, measure), ownMatrix(child))),
  );
}

/** Box of an element in the coordinates of the outermost SVG: `getBoundingClientRect`. */
export function clientBox(element: DomElement, measure: MeasureText): Box {
  let matrix: Matrix = ownMatrix(element);
  for (let parent = element.parentElement; parent; parent = parent.parentElement) {
    matrix = multiply(ownMatrix(parent), matrix);
  }
  return transformBox(localBox(element, measure), matrix);
}

/** Its transform; a nested `<svg>` is moved by its x and y. */
function ownMatrix(element: DomElement): Matrix {
  const matrix = parseTransform(element.getAttribute("transform"));
  if (element.tagName.toLowerCase() !== "svg") return matrix;
  return multiply([1, 0, 0, 1, numberOf(element, "x"), numberOf(element, "y")], matrix);
}

/** An attribute; 0 where there is none. */
function numberOf(element: DomElement, name: string): number {
  return parseFloat(element.getAttribute(name) ?? "") || 0;
}

/** A presentation property of the element itself, from its style or its attribute. */
function property(element: DomElement, name: string): string | undefined {
  const style = new RegExp(`(?:^|;)\\s*${name}\\s*:\\s*([^;]+)`).exec(element.getAttribute("style") ?? "");
  return (style?.[1] ?? element.getAttribute(name) ?? undefined)?.trim();
}

/** The same, inherited. */
function inherited(element: DomElement, name: string): string | undefined {
  for (let e: DomElement | null = element; e; e = e.parentElement) {
    const value = property(e, name);
    if (value !== undefined) return value;
  }
}

function fontSize(element: DomElement): number {
  const value = property(element, "font-size");
  const parent = () => element.parentElement ? fontSize(element.parentElement) : DEFAULT_SIZE;
  if (value === undefined || !/^[\d.]/.test(value)) return parent();
  const size = parseFloat(value);
  return value.endsWith("%") ? parent() * size / 100 : value.endsWith("em") ? parent() * size : size;
}

function textStyle(element: DomElement): TextStyle {
  const weight = inherited(element, "font-weight") ?? "normal";
  return {
    size: fontSize(element),
    bold: weight === "bold" || Number(weight) >= 600,
    italic: inherited(element, "font-style") === "italic",
  };
}

/** Width of all text below an element, each piece in its own style. */
export function textWidth(element: DomElement, measure: MeasureText): number {
  let width = 0;
  for (const node of element.childNodes) {
    if (node.nodeType === 3) width += measure(node.textContent ?? "", textStyle(element));
    else if (node.nodeType === 1) width += textWidth(node, measure);
  }
  return width;
}

/** Plotly sets one `tspan.line` a line, each with the x of the text and a dy in em. */
function textBox(element: DomElement, measure: MeasureText): Box {
  const lines = [...element.querySelectorAll("tspan.line")];
  const size = fontSize(element);
  const anchor = inherited(element, "text-anchor") ?? "start";
  const boxes = (lines.length > 0 ? lines : [element]).map((line) => {
    const width = textWidth(line, measure);
    if (width === 0) return boxAround([]);
    const coordinate = (name: string) =>
      parseFloat(line.getAttribute(name) ?? element.getAttribute(name) ?? "") || 0;
    const left = anchor === "middle" ? width / 2 : anchor === "end" ? width : 0;
    const baseline = coordinate("y") + shift(line.getAttribute("dy"), size);
    return { x: coordinate("x") - left, y: baseline - size * ASCENT, width, height: size * LINE };
  });
  return union(boxes);
}

function shift(dy: string | null, size: number): number {
  const value = parseFloat(dy ?? "") || 0;
  return dy?.endsWith("em") ? value * size : value;
}
