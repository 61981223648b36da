/**
 * Widths of text as the PNG renderer will draw it, without a browser: a canvas with the DejaVu fonts of the
 * npm package, so that every machine measures (and draws) the same.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { FONT } from "../template.ts";

const FACES = ["DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSans-BoldOblique"];

export interface TextStyle {
  /** In px. */
  size: number;
  /** @default false */
  bold?: boolean;
  /** @default false */
  italic?: boolean;
}

/** Width in px of one line of text. */
export type MeasureText = (text: string, style: TextStyle) => number;

/** Paths of the font files: regular, bold, oblique, bold oblique. */
export function fontFiles(): string[] {
  return FACES.map((face) => fromFileUrl(import.meta.resolve(`dejavu-fonts-ttf/ttf/${face}.ttf`)));
}

let measurer: Promise<MeasureText> | undefined;

/** Loads the fonts once a process. */
export function loadTextMeasurer(): Promise<MeasureText> {
  return measurer ??= load();
}

async function load(): Promise<MeasureText> {
  const { createCanvas, GlobalFonts } = await import("@napi-rs/canvas");
  for (const file of fontFiles()) GlobalFonts.registerFromPath(file, FONT);
  const context = createCanvas(1, 1).getContext("2d");
  return (text, { size, bold = false, italic = false }) => {
    context.font = `${italic ? "italic " : ""}${bold ? "bold " : ""}${size}px "${FONT}"`;
    return context.measureText(text).width;
  };
}
