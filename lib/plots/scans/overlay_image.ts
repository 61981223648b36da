/**
 * A slice in grey with organs in colour, as the data URI of a picture.
 *
 * @module
 */
import { createRequire } from "node:module";
import { rgb } from "../palette.ts";
import type { Slice } from "./slice.ts";

export interface OverlayOptions {
  /** Intensities shown black and white. */
  window: [black: number, white: number];
  /** [depth, height, width] label codes over the scan. @default none */
  labels?: Uint8Array | undefined;
  /** "#rrggbb" by label code; codes without one are not drawn. @default none */
  colours?: ReadonlyMap<number, string>;
  /** Pixels of the picture down and across. */
  pixels: [height: number, width: number];
  /** Makes a JPEG of this quality, 0…1, which is several times smaller. @default a PNG */
  jpegQuality?: number | undefined;
}

/** How much of an organ's colour covers the scan, inside and along its border. */
const INSIDE = 0.38, BORDER = 1;
/** Width of the border in pixels. */
const BORDER_WIDTH = 2;

/**
 * Draws intensities by linear interpolation, and labels by their nearest voxel: borders show the voxels as they are.
 */
export function overlayImage(image: Float32Array, slice: Slice, options: OverlayOptions): string {
  const { window: [black, white], labels, colours = new Map(), pixels: [height, width] } = options;
  const palette = new Map([...colours].map(([code, colour]) => [code, rgb(colour)]));
  const codes = labels ? nearestCodes(labels, slice, options.pixels) : new Uint8Array(height * width);
  const rgba = new Uint8ClampedArray(height * width * 4);
  const [ys, xs] = [sources(slice.rows, height), sources(slice.columns, width)];
  const value = (row: number, column: number) => image[slice.voxels[row * slice.columns + column]!]!;
  for (let y = 0, pixel = 0; y < height; y++) {
    const [top, bottom, down] = ys[y]!;
    for (let x = 0; x < width; x++, pixel++) {
      const [left, right, across] = xs[x]!;
      const upper = value(top, left) * (1 - across) + value(top, right) * across;
      const lower = value(bottom, left) * (1 - across) + value(bottom, right) * across;
      const grey = 255 * (upper * (1 - down) + lower * down - black) / (white - black);
      const colour = palette.get(codes[pixel]!);
      const cover = colour ? (isBorder(codes, { x, y, width, height }) ? BORDER : INSIDE) : 0;
      const shown = Math.min(255, Math.max(0, grey || 0));
      for (let channel = 0; channel < 3; channel++) {
        rgba[pixel * 4 + channel] = shown * (1 - cover) + (colour?.[channel] ?? 0) * cover;
      }
      rgba[pixel * 4 + 3] = 255;
    }
  }
  return encode(rgba, { width, height, jpegQuality: options.jpegQuality });
}

/** For each pixel of a line: the two source pixels around its centre and the weight of the second. */
function sources(size: number, pixels: number): [number, number, number][] {
  return Array.from({ length: pixels }, (_, pixel) => {
    const place = Math.min(size - 1, Math.max(0, (pixel + 0.5) * size / pixels - 0.5));
    const first = Math.floor(place);
    return [first, Math.min(first + 1, size - 1), place - first];
  });
}

function nearestCodes(labels: Uint8Array, slice: Slice, [height, width]: [number, number]): Uint8Array {
  const codes = new Uint8Array(height * width);
  for (let y = 0, pixel = 0; y < height; y++) {
    const row = Math.floor((y + 0.5) * slice.rows / height);
    for (let x = 0; x < width; x++, pixel++) {
      const column = Math.floor((x + 0.5) * slice.columns / width);
      codes[pixel] = labels[slice.voxels[row * slice.columns + column]!]!;
    }
  }
  return codes;
}

/** Whether another label lies within the border's width, along the picture's axes. */
function isBorder(
  codes: Uint8Array,
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
): boolean {
  const code = codes[y * width + x];
  for (let step = 1; step <= BORDER_WIDTH; step++) {
    if (x >= step && codes[y * width + x - step] !== code) return true;
    if (x + step < width && codes[y * width + x + step] !== code) return true;
    if (y >= step && codes[(y - step) * width + x] !== code) return true;
    if (y + step < height && codes[(y + step) * width + x] !== code) return true;
  }
  return false;
}

/** Loads the canvas when first used: whoever draws no scans needs no permission for it. */
function encode(
  rgba: Uint8ClampedArray,
  { width, height, jpegQuality }: { width: number; height: number; jpegQuality?: number | undefined },
): string {
  const { createCanvas, ImageData } = createRequire(import.meta.url)("@napi-rs/canvas");
  const canvas = createCanvas(width, height);
  canvas.getContext("2d").putImageData(new ImageData(rgba, width, height), 0, 0);
  return jpegQuality === undefined
    ? canvas.toDataURL("image/png")
    : canvas.toDataURL("image/jpeg", jpegQuality);
}
