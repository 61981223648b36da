/**
 * Small multiples: panels of a given size in px, placed on a figure.
 *
 * @module
 */
import type { Layout } from "./figure.ts";

/** Px from the left and the top of the plotting area. */
export interface Place {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Size in px of the area between a figure's margins. */
export interface Area {
  width: number;
  height: number;
}

/** "x", "x2", "x3", …: how Plotly refers to the axes of panel 0, 1, 2, … */
export function axisName(letter: "x" | "y", panel: number): string {
  return panel === 0 ? letter : `${letter}${panel + 1}`;
}

/** The two axes of a panel, as entries of a layout. */
export function panelAxes(
  panel: number,
  { place, area, x, y }: { place: Place; area: Area; x: Layout; y: Layout },
): Layout {
  const name = (letter: "x" | "y") => `${letter}axis${panel === 0 ? "" : panel + 1}`;
  const { left, top, width, height } = place;
  return {
    [name("x")]: {
      ...x,
      domain: [left / area.width, (left + width) / area.width],
      anchor: axisName("y", panel),
    },
    [name("y")]: {
      ...y,
      domain: [1 - (top + height) / area.height, 1 - top / area.height],
      anchor: axisName("x", panel),
    },
  };
}

/** A line of text whose lower left corner is at a place of the plotting area. */
export function label(
  text: string,
  { left, top, area, ...style }: { left: number; top: number; area: Area } & Layout,
): Layout {
  return {
    text,
    showarrow: false,
    xref: "paper",
    x: left / area.width,
    xanchor: "left",
    yref: "paper",
    y: 1 - top / area.height,
    yanchor: "bottom",
    align: "left",
    ...style,
  };
}
