/**
 * Affine transforms and boxes of SVG elements: what a browser's layout engine knows and jsdom does not.
 *
 * @module
 */

/** [a, b, c, d, e, f] of SVG's `matrix(…)`: x' = ax + cy + e, y' = bx + dy + f. */
export type Matrix = [number, number, number, number, number, number];

type Point = [x: number, y: number];

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

/** The transform that applies `second` first, then `first`. */
export function multiply(first: Matrix, second: Matrix): Matrix {
  const [a, b, c, d, e, f] = first;
  const [g, h, i, j, k, l] = second;
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];
}

/** Reads a `transform` attribute: any list of translate, scale, rotate and matrix. */
export function parseTransform(text: string | null): Matrix {
  let matrix = IDENTITY;
  for (const [, name, list] of (text ?? "").matchAll(/(\w+)\s*\(([^)]*)\)/g)) {
    const numbers = list!.split(/[\s,]+/).filter(Boolean).map(Number);
    matrix = multiply(matrix, one(name!, numbers));
  }
  return matrix;
}

function one(name: string, [p = 0, q, r = 0, s, t, u]: number[]): Matrix {
  if (name === "translate") return [1, 0, 0, 1, p, q ?? 0];
  if (name === "scale") return [p, 0, 0, q ?? p, 0, 0];
  if (name === "matrix") return [p, q!, r, s!, t!, u!];
  if (name !== "rotate") return IDENTITY;
  const [cos, sin] = [Math.cos(p * Math.PI / 180), Math.sin(p * Math.PI / 180)];
  const [x, y] = [q ?? 0, r];
  return [cos, sin, -sin, cos, x - x * cos + y * sin, y - x * sin - y * cos];
}

/** The axis-parallel box around a transformed box. */
export function transformBox({ x, y, width, height }: Box, [a, b, c, d, e, f]: Matrix): Box {
  const corners: Point[] = [[x, y], [x + width, y], [x, y + height], [x + width, y + height]];
  return boxAround(corners.map(([u, v]): Point => [a * u + c * v + e, b * u + d * v + f]));
}

/** The smallest box around points; no points give an empty box at the origin. */
export function boxAround(points: readonly Point[]): Box {
  if (points.length === 0) return { x: 0, y: 0, width: 0, height: 0 };
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [x, y] = [xs.reduce((m, v) => Math.min(m, v)), ys.reduce((m, v) => Math.min(m, v))];
  return {
    x,
    y,
    width: xs.reduce((m, v) => Math.max(m, v)) - x,
    height: ys.reduce((m, v) => Math.max(m, v)) - y,
  };
}

/** The smallest box around boxes that are not empty. */
export function union(boxes: Box[]): Box {
  const corners = boxes.filter((box) => box.width > 0 || box.height > 0)
    .flatMap(({ x, y, width, height }): Point[] => [[x, y], [x + width, y + height]]);
  return boxAround(corners);
}

/** How many numbers each path command takes, and where its end point is. */
const ARITY: Record<string, number> = { m: 2, l: 2, t: 2, h: 1, v: 1, c: 6, s: 4, q: 4, a: 7, z: 0 };

/** Box of a path's vertices. Bulges of curves between them are left out: only markers have any here. */
export function pathBox(path: string): Box {
  const points: Point[] = [];
  let [x, y] = [0, 0];
  for (const [, letter, list] of path.matchAll(/([a-zA-Z])([^a-zA-Z]*(?:e-?\d[^a-zA-Z]*)*)/g)) {
    const numbers = list!.match(/-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?/g)?.map(Number) ?? [];
    const command = letter!.toLowerCase();
    const [relative, arity] = [letter === command, ARITY[command] || 1];
    for (let i = 0; i + arity <= numbers.length; i += arity) {
      const [u, v] = numbers.slice(i, i + arity).slice(-2);
      if (command === "h") x = relative ? x + u! : u!;
      else if (command === "v") y = relative ? y + u! : u!;
      else [x, y] = relative ? [x + u!, y + v!] : [u!, v!];
      points.push([x, y]);
    }
  }
  return boxAround(points);
}
