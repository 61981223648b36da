/**
 * Draws SVG as PNG without a browser, with the DejaVu fonts of the npm package: a bare machine draws the same.
 *
 * @module
 */
import { FONT } from "../template.ts";
import { fontFiles } from "./text_width.ts";

/** A letter of no alphabet that DejaVu Sans has needs the machine's own fonts. */
const UNCOVERED =
  /[^\p{sc=Zyyy}\p{sc=Zinh}\p{sc=Latn}\p{sc=Grek}\p{sc=Cyrl}\p{sc=Armn}\p{sc=Geor}\p{sc=Hebr}\p{sc=Arab}]/u;

export interface PngOptions {
  /** Pixels a px of the SVG. @default 2, less where that would be more than two million pixels */
  scale?: number;
}

/** A page of many panels is not looked at pixel by pixel, and runs that are kept in git should stay small. */
const MOST_PIXELS = 2e6;

function defaultScale(svg: string): number {
  const size = (name: "width" | "height") =>
    Number(svg.match(new RegExp(`<svg[^>]*\\b${name}="([\\d.]+)`))?.[1]);
  return Math.min(2, Math.sqrt(MOST_PIXELS / (size("width") * size("height"))) || 2);
}

/**
 * PNG bytes of an SVG.
 *
 * @example
 * ```ts
 * import { readArms, scoresByArm } from "consilium/results";
 * import { figureToSvg, organDice, svgToPng } from "consilium/plots";
 *
 * const scores = scoresByArm(await readArms("hippocampus"));
 * const svg = await figureToSvg(organDice(scores));
 * await Deno.writeFile("organ_dice.png", await svgToPng(svg, { scale: 3 }));
 * ```
 */
export async function svgToPng(
  svg: string,
  { scale = defaultScale(svg) }: PngOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { Resvg } = await import("@resvg/resvg-js");
  const drawing = new Resvg(svg, {
    background: "white",
    fitTo: { mode: "zoom", value: scale },
    font: { fontFiles: fontFiles(), loadSystemFonts: UNCOVERED.test(svg), defaultFontFamily: FONT },
  });
  return new Uint8Array(drawing.render().asPng());
}
