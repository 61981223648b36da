/**
 * The house style, as a Plotly template: any figure's own layout wins over it.
 *
 * @module
 */
import { seriesColour } from "./palette.ts";

/** The font every figure is set in. */
export const FONT = "DejaVu Sans";

/** Ink of text; grey of what stands behind. */
export const INK = "#222222", GREY = "#6b6b6b", RULE = "#dddddd";

/** Sizes in px of tick labels and of notes under a figure. */
export const TEXT_SIZE = 13, NOTE_SIZE = 12;

/** Mean width of a letter of DejaVu Sans, as a share of the font size. */
export const LETTER = 0.58;

const AXIS = {
  automargin: true,
  showline: true,
  linecolor: GREY,
  ticks: "outside",
  tickcolor: GREY,
  ticklen: 4,
  gridcolor: RULE,
  zeroline: false,
  title: { standoff: 10 },
  // A study may be named "1e3" or "2020-01": names are never numbers or dates.
  autotypenumbers: "strict",
};

export const TEMPLATE = {
  layout: {
    font: { family: `${FONT}, Verdana, sans-serif`, size: TEXT_SIZE, color: INK },
    title: {
      x: 0,
      xref: "container",
      xanchor: "left",
      y: 1,
      yref: "container",
      yanchor: "top",
      pad: { l: 12, t: 16 },
    },
    paper_bgcolor: "white",
    plot_bgcolor: "white",
    colorway: Array.from({ length: 9 }, (_, index) => seriesColour(index)),
    margin: { l: 60, r: 20, t: 50, b: 50 },
    xaxis: AXIS,
    yaxis: AXIS,
    legend: { orientation: "v", x: 1.02, xanchor: "left", y: 1, yanchor: "top", bgcolor: "rgba(0,0,0,0)" },
    hoverlabel: { font: { family: `${FONT}, Verdana, sans-serif` } },
  },
};
