/**
 * Effects along axes, as a figure.
 *
 * @module
 */
import type { AxisEffect } from "../../comparison/axes/axis_effect.ts";
import { metrics } from "../../metrics/metric.ts";
import { nameAxis } from "../arms/organ_axis.ts";
import { zeroVerdict } from "../arms/zero_verdict.ts";
import { emptyFigure } from "../empty_figure.ts";
import { shortLabel } from "../escape.ts";
import { type Figure, figure, type Layout, type Trace } from "../figure.ts";
import { heading } from "../heading.ts";
import { seriesColours } from "../palette.ts";
import { type Area, axisName, label, panelAxes } from "../panels.ts";
import { GREY } from "../template.ts";
import { axisNotes } from "./axis_notes.ts";

/** Panels beside each other; px of one, between two, above them for their names, beside and below them for their axes. */
const ABREAST = 2, WIDTH = 360, HEIGHT = 210, GAP = 40, ABOVE = 62, LEFT = 76, RIGHT = 190, BELOW = 40;
/** Of the room of a level, what its points take. */
const SPREAD = 0.6;

export interface AxisFigureOptions {
  /** Colours of parts by name. @default {} */
  colours?: Record<string, string> | undefined;
  /** @default says what is drawn */
  title?: string;
}

/**
 * A panel an axis: its levels from left to right, and at each, a colour a part, the paired difference of mean Dice when that part
 * is off, with its 95 % interval. Points are hollow where the interval holds 0, or where there is none. Panels share one scale.
 *
 * @example
 * ```ts
 * import { cohortFolder, readAxisEffects } from "consilium/results";
 * import { axisFigure } from "consilium/plots";
 *
 * axisFigure(await readAxisEffects(`${cohortFolder("phantom_quick", "tables")}/axes.csv`));
 * ```
 */
export function axisFigure(
  effects: readonly AxisEffect[],
  { colours, title = "What each part brings along the axes" }: AxisFigureOptions = {},
): Figure {
  if (effects.every(({ seeds }) => seeds === 0)) {
    return emptyFigure(title, ["There is no effect to draw.", ...axisNotes(effects)].join(" "));
  }
  const axes = [...Map.groupBy(effects, ({ axis }) => axis)];
  const parts = seriesColours([...new Set(effects.map(({ without }) => without))], { colours });
  const rows = Math.ceil(axes.length / ABREAST), columns = Math.min(ABREAST, axes.length);
  const area = { width: columns * (WIDTH + GAP) - GAP, height: rows * (ABOVE + HEIGHT) };
  const width = LEFT + area.width + RIGHT;
  const references = [...new Set(effects.map(({ reference }) => reference))].join(", ");
  const head = heading(title, {
    width,
    notes: [
      `Points: mean Dice over organs and cases, seeds averaged first, with a part off, minus that of ${references}. Below 0 the part helps.`,
      "Hollow: the interval holds 0, or there is none.",
      ...axisNotes(effects),
    ],
  });
  const layout: Layout = {
    ...head,
    width,
    height: head.margin.t + area.height + BELOW,
    margin: { t: head.margin.t, l: LEFT, r: RIGHT, b: BELOW },
    showlegend: true,
    legend: { title: { text: "switched off" } },
    annotations: axes.map(([name], panel) => {
      const { left, top } = placeOf(panel);
      return label(`<b>${shortLabel(name, { longest: 44 })}</b>`, { left, top: top - 8, area });
    }),
  };
  const range = rangeOf(effects);
  for (const [panel, [, own]] of axes.entries()) {
    Object.assign(layout, scales(own, { panel, area, range, references }));
  }
  return figure(axes.flatMap(([, own], panel) => tracesOf(own, { panel, parts })), layout);
}

function placeOf(panel: number) {
  const [column, row] = [panel % ABREAST, Math.floor(panel / ABREAST)];
  return {
    left: column * (WIDTH + GAP),
    top: row * (ABOVE + HEIGHT) + ABOVE,
    width: WIDTH,
    height: HEIGHT,
  };
}

interface Scales {
  panel: number;
  area: Area;
  range: readonly number[];
  references: string;
}

function scales(effects: readonly AxisEffect[], { panel, area, range, references }: Scales): Layout {
  const first = panel % ABREAST === 0;
  return panelAxes(panel, {
    place: placeOf(panel),
    area,
    x: nameAxis(levelsOf(effects).map((level) => shortLabel(level))),
    y: {
      range,
      tickformat: "+.2f",
      showticklabels: first,
      zeroline: true,
      zerolinecolor: GREY,
      ...first && { title: { text: `Dice minus ${shortLabel(references)}` } },
    },
  });
}

/** The ends of all intervals, 0, and a little room: one for all panels, so that effects can be compared. */
function rangeOf(effects: readonly AxisEffect[]): [number, number] {
  const ends = effects.flatMap(({ difference: { value, low, high } }) => [value, low, high]);
  const finite = [0, ...ends.filter(Number.isFinite)];
  const [least, most] = [Math.min(...finite), Math.max(...finite)];
  const room = 0.06 * (most - least) || 0.01;
  return [least - room, most + room];
}

function levelsOf(effects: readonly AxisEffect[]): string[] {
  return [...new Set(effects.map(({ level }) => level))];
}

function tracesOf(
  effects: readonly AxisEffect[],
  { panel, parts }: { panel: number; parts: ReadonlyMap<string, string> },
): Trace[] {
  const levels = levelsOf(effects);
  return [...parts].map(([part, colour], index): Trace => {
    const own = effects.filter(({ without }) => without === part);
    const aside = parts.size > 1 ? SPREAD * (index / (parts.size - 1) - 0.5) : 0;
    const differences = own.map(({ difference }) => difference);
    return {
      type: "scatter",
      mode: "lines+markers",
      name: shortLabel(part),
      legendgroup: part,
      showlegend: panel === 0,
      xaxis: axisName("x", panel),
      yaxis: axisName("y", panel),
      x: own.map(({ level }) => levels.indexOf(level) + aside),
      y: differences.map(({ value }) => value),
      error_y: {
        type: "data",
        array: differences.map(({ value, high }) => high - value),
        arrayminus: differences.map(({ value, low }) => value - low),
        thickness: 1.8,
        width: 3,
      },
      line: { color: colour, width: 1, dash: "dot" },
      marker: {
        color: colour,
        size: 9,
        line: { color: colour, width: 2 },
        symbol: differences.map((difference) => {
          const verdict = zeroVerdict(difference, "dice");
          return verdict === null || verdict === "holds 0" ? "circle-open" : "circle";
        }),
      },
      hovertemplate: `%{y:+.${metrics.dice.digits}f}`,
    };
  });
}
