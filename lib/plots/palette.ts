/**
 * Colours that colour-blind readers can tell apart: Okabe and Ito (2008) for organs, Paul Tol's "bright" (2021)
 * for arms and models, so that the two are not mistaken for each other.
 *
 * @module
 */
import { unknownName } from "../text/unknown_name.ts";

const ORGANS = [
  "#0072B2", // blue
  "#D55E00", // vermilion
  "#009E73", // green
  "#CC79A7", // pink
  "#E69F00", // orange
  "#56B4E9", // sky
  "#882255", // wine (Tol's "muted" from here on)
  "#999933", // olive
  "#AA4499", // purple
  "#117733", // forest
  "#F0E442", // yellow
  "#332288", // indigo
];

const SERIES = [
  "#4477AA", // blue
  "#EE6677", // red
  "#228833", // green
  "#AA3377", // purple
  "#CCBB44", // yellow
  "#66CCEE", // cyan
  "#000000", // black
  "#EE8866", // orange
  "#888888", // grey
];

/** Golden angle, degrees: hues of organs beyond the palette stay far from their neighbours'. */
const GOLDEN_ANGLE = 137.508;

/**
 * Colour of an organ by its number 1…K in the study's vocabulary: the same in every figure.
 *
 * @example
 * ```ts
 * import { organColour } from "consilium/plots";
 *
 * organColour(1); // "#0072B2"
 * ```
 */
export function organColour(organ: number): string {
  return ORGANS[organ - 1] ?? hsl((organ * GOLDEN_ANGLE) % 360, 0.6, organ % 2 ? 0.45 : 0.65);
}

/** Colour of an arm or a model by its place 0…n-1. */
export function seriesColour(index: number): string {
  return SERIES[index % SERIES.length]!;
}

export interface ColourOptions {
  /** Colours that shall differ from the palette's, by name. @default {} */
  colours?: Record<string, string> | undefined;
}

/**
 * Colour of every organ of a vocabulary, by name.
 *
 * @throws {Error} A colour is of none of them.
 *
 * @example
 * ```ts
 * import { organColours } from "consilium/plots";
 *
 * organColours(["Liver", "Spleen"], { colours: { Spleen: "#000000" } }).get("Spleen"); // "#000000"
 * ```
 */
export function organColours(organs: string[], { colours = {} }: ColourOptions = {}): Map<string, string> {
  checkNames(colours, { known: organs, what: "an organ" });
  return new Map(organs.map((name, index) => [name, own(colours, name) ?? organColour(index + 1)]));
}

/**
 * Colour of every arm or model, by name.
 *
 * @throws {Error} A colour is of none of them.
 */
export function seriesColours(names: string[], { colours = {} }: ColourOptions = {}): Map<string, string> {
  checkNames(colours, { known: names, what: "an arm or model" });
  return new Map(names.map((name, index) => [name, own(colours, name) ?? seriesColour(index)]));
}

/** A misspelt name would leave its owner in another colour, and say nothing. */
function checkNames(
  colours: Record<string, string>,
  { known, what }: { known: readonly string[]; what: string },
): void {
  const wrong = Object.keys(colours).find((name) => !known.includes(name));
  if (wrong !== undefined) throw new Error(`Cannot colour: ${what} ${unknownName(wrong, known)}`);
}

/** A name such as "constructor" must not find what every object has. */
function own(colours: Record<string, string>, name: string): string | undefined {
  return Object.hasOwn(colours, name) ? colours[name] : undefined;
}

/** [red, green, blue], 0…255, of "#rrggbb". @throws {Error} Another form. */
export function rgb(colour: string): [number, number, number] {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  if (!match) {
    throw new Error(`Cannot read colour: must be of the form #rrggbb, current value is "${colour}"`);
  }
  const channel = (group: 1 | 2 | 3) => parseInt(match[group]!, 16);
  return [channel(1), channel(2), channel(3)];
}

/** The colour with an opacity, as CSS. */
export function faint(colour: string, opacity: number): string {
  return `rgba(${rgb(colour).join(",")},${opacity})`;
}

/** CSS Color 4, section 7: hue in degrees, saturation and lightness 0…1, to "#rrggbb". */
function hsl(hue: number, saturation: number, lightness: number): string {
  const channel = (n: number) => {
    const k = (n + hue / 30) % 12;
    const value = lightness -
      saturation * Math.min(lightness, 1 - lightness) * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(value * 255).toString(16).padStart(2, "0");
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}
