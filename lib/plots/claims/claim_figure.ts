/**
 * Claims side by side, though each has a metric and a smallest difference of its own.
 *
 * @module
 */
import type { JudgedCard } from "../../comparison/claims/judged_card.ts";
import { nameAxisDown } from "../arms/organ_axis.ts";
import { emptyFigure } from "../empty_figure.ts";
import { escapePlotly, shortLabel } from "../escape.ts";
import { type Figure, figure } from "../figure.ts";
import { heading } from "../heading.ts";
import { seriesColours } from "../palette.ts";
import { GREY, INK, LETTER } from "../template.ts";
import { verdictText } from "./claim_table.ts";

/** Px of the axis, of a row, and below the rows; of the longest name, letters. */
const WIDTH = 420, ROW = 34, BELOW = 60, LONGEST = 44;
const VERDICTS = ["reproduced", "contradicted", "not shown", "too small to tell", "not tested"];

/**
 * A row a card: the difference that it found with its 95 % interval, in units of the smallest difference that counts, turned so that what is
 * claimed lies to the right; of claims of equality it is claimed to lie between the lines. Beside it the verdict.
 *
 * @example
 * ```ts
 * import { readClaims } from "consilium/results";
 * import { claimFigure } from "consilium/plots";
 *
 * claimFigure(await readClaims());
 * ```
 */
export function claimFigure(cards: readonly JudgedCard[]): Figure {
  const title = "Claims, and what came out";
  const shown = cards.flatMap((card) => card.judged ? [{ ...card, judged: card.judged }] : []);
  if (shown.length === 0) return emptyFigure(title, "No card has all of its runs.");
  const names = shown.map(({ claim: { title, outcome: { arm, reference, direction } } }) =>
    shortLabel(
      `${title}: ${arm} ${direction === "equal" ? "=" : direction === "less" ? "<" : ">"} ${reference}`,
      {
        longest: LONGEST,
      },
    )
  );
  const left = 24 + Math.max(...names.map((name) => [...name].length)) * 12 * LETTER;
  const right = 24 + Math.max(...VERDICTS.map(({ length }) => length)) * 13 * LETTER;
  const width = Math.ceil(left + WIDTH + right);
  const head = heading(title, {
    width,
    notes: [
      "Points: the difference with its 95 % interval, in units of the smallest difference that counts (dotted), what is claimed to the right; of " +
      "claims of equality (=) it is claimed to lie between the dotted lines.",
    ],
  });
  const colours = seriesColours(VERDICTS);
  const rows = shown.map(({ claim: { outcome }, judged: { difference, verdict } }, row) => {
    const scale = (outcome.direction === "less" ? -1 : 1) / outcome.smallestDifference;
    const ends = [difference.low * scale, difference.high * scale].sort((a, b) => a - b);
    return { value: difference.value * scale, low: ends[0]!, high: ends[1]!, verdict, row };
  });
  const reach = 1.08 * Math.max(2, ...rows.flatMap(({ low, high }) => [-low, high]).filter(Number.isFinite));
  const line = (x: number, dash: string) => ({
    type: "line",
    x0: x,
    x1: x,
    y0: 0,
    y1: 1,
    yref: "paper",
    line: { color: GREY, width: 1, dash },
  });
  return figure(
    [{
      type: "scatter",
      mode: "markers",
      x: rows.map(({ value }) => value),
      y: rows.map(({ row }) => row),
      error_x: {
        type: "data",
        array: rows.map(({ value, high }) => Math.min(high, reach) - value),
        arrayminus: rows.map(({ value, low }) => value - Math.max(low, -reach)),
        color: INK,
        thickness: 1.8,
        width: 4,
      },
      marker: {
        color: rows.map(({ verdict }) => colours.get(verdict)!),
        size: 10,
        line: { color: INK, width: 0.5 },
      },
      customdata: shown.map(({ claim }) => escapePlotly(claim.claim)),
      hovertemplate: "%{customdata}<extra></extra>",
    }],
    {
      title: head.title,
      width,
      height: head.margin.t + rows.length * ROW + BELOW,
      showlegend: false,
      margin: { t: head.margin.t, l: left, r: right, b: BELOW },
      xaxis: {
        range: [-reach, reach],
        zeroline: false,
        title: { text: "difference ÷ smallest difference that counts", standoff: 8 },
      },
      yaxis: nameAxisDown(names),
      shapes: [line(0, "solid"), line(1, "dot"), line(-1, "dot")],
      annotations: shown.map((card, row) => ({
        x: 1,
        xref: "paper",
        xanchor: "left",
        y: row,
        xshift: 10,
        showarrow: false,
        text: `<b>${verdictText(card)}</b>`,
      })),
    },
  );
}
