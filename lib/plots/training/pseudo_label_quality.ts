/**
 * What became of pseudo labels, and how good they are.
 *
 * @module
 */
import { mean } from "simple-statistics";
import { emptyFigure } from "../empty_figure.ts";
import { escapePlotly, shortLabel } from "../escape.ts";
import { type Figure, figure, type Layout, type Trace } from "../figure.ts";
import { heading } from "../heading.ts";
import { knownOrgans } from "../../metrics/score_row.ts";
import { nameAxisDown } from "../arms/organ_axis.ts";
import { faint, seriesColour } from "../palette.ts";
import { GREY } from "../template.ts";

/** What the figure reads of one row of pseudo_labels.csv: an organ that was missing in a training case. */
export interface PseudoLabelQualityRow {
  case: string;
  organ: string;
  kept: boolean;
  /** The filter that dropped the organ; empty when it was kept. */
  filter: string;
  /** With the hidden truth, 0…1; NaN where nobody knows it. */
  dice: number;
}

export interface PseudoLabelQualityOptions {
  /** The study's vocabulary: order of the organs. @default [] (as the rows come) */
  organs?: readonly string[];
  /** @default "Pseudo labels" */
  title?: string;
}

const WIDTH = 900, ROW = 44;
const KEPT = "#009E73", DROPPED = "#D55E00";

/**
 * Left: how many pseudo labels of each organ were kept, and how many each filter dropped. Right, where the hidden
 * truth is known: their Dice with it, of kept and dropped ones, with the mean of each.
 *
 * @example
 * ```ts
 * import { chooseArms, readPseudoLabels } from "consilium/results";
 * import { pseudoLabelQuality } from "consilium/plots";
 *
 * const { arms } = await chooseArms("hippocampus", "mutual");
 * const labels = await Promise.all(arms.map(({ runs }) => readPseudoLabels(runs[0])));
 * pseudoLabelQuality(labels.flat());
 * ```
 */
export function pseudoLabelQuality(
  rows: readonly PseudoLabelQualityRow[],
  { organs: vocabulary = [], title = "Pseudo labels" }: PseudoLabelQualityOptions = {},
): Figure {
  if (rows.length === 0) return emptyFigure(title, "No organ was missing in a training case.");
  const organs = knownOrgans([["", rows]], vocabulary);
  const known = rows.filter(({ dice }) => Number.isFinite(dice));
  const notes = known.length > 0
    ? ["Right: Dice with the hidden truth, which training never sees; a point is a case, dashed: mean."]
    : ["The hidden truth is not known."];
  const head = heading(title, { notes, width: WIDTH });
  const layout: Layout = {
    ...head,
    width: WIDTH,
    height: head.margin.t + 60 + Math.max(3, organs.length) * ROW,
    barmode: "stack",
    boxmode: "group",
    bargap: 0.35,
    boxgap: 0.25,
    yaxis: nameAxisDown(organs.map((organ) => shortLabel(organ))),
    xaxis: {
      title: { text: "pseudo labels (cases)" },
      domain: known.length > 0 ? [0, 0.48] : [0, 1],
      rangemode: "tozero",
      tickformat: "d",
    },
    legend: { traceorder: "normal" },
  };
  const data = counts(rows, organs);
  if (known.length > 0) {
    layout.xaxis2 = {
      title: { text: "Dice with the hidden truth (0–1)" },
      domain: [0.54, 1],
      anchor: "y",
      range: [-0.02, 1.02],
      dtick: 0.2,
      tickformat: ".1f",
    };
    data.push(...boxes(known, organs));
  }
  return figure(data, layout);
}

function counts(rows: readonly PseudoLabelQualityRow[], organs: string[]): Trace[] {
  const filters = [...new Set(rows.filter(({ kept }) => !kept).map(({ filter }) => filter))];
  const bar = (name: string, { colour, keep }: {
    colour: string;
    keep: (row: PseudoLabelQualityRow) => boolean;
  }) => {
    const values = organs.map((organ) => rows.filter((row) => row.organ === organ && keep(row)).length);
    return {
      type: "bar",
      orientation: "h",
      alignmentgroup: "counts",
      name,
      y: organs.map((_, index) => index),
      x: values,
      marker: { color: colour },
      text: values.map((value) => value > 0 ? `${value}` : ""),
      textposition: "inside",
      textangle: 0,
      constraintext: "none",
      insidetextanchor: "middle",
      textfont: { size: 11 },
      hovertemplate: "%{x}",
    };
  };
  return [
    bar("kept", { colour: KEPT, keep: ({ kept }) => kept }),
    ...filters.map((filter, index) =>
      bar(`dropped: ${shortLabel(filter || "no reason given")}`, {
        colour: FILTER_COLOURS[index] ?? GREY,
        keep: (row) => !row.kept && row.filter === filter,
      })
    ),
  ];
}

/** Dropped ones are warm or grey, so that the kept part of a bar stands out. */
const FILTER_COLOURS = ["#D55E00", "#E69F00", "#CC79A7", "#999999", seriesColour(5), "#F0E442"];

function boxes(known: readonly PseudoLabelQualityRow[], organs: string[]): Trace[] {
  return [true, false].flatMap((kept) => {
    const rows = known.filter((row) => row.kept === kept);
    if (rows.length === 0) return [];
    const colour = kept ? KEPT : DROPPED;
    const word = kept ? "kept" : "dropped";
    return [{
      type: "box",
      orientation: "h",
      xaxis: "x2",
      yaxis: "y",
      alignmentgroup: "dice",
      offsetgroup: word,
      name: `Dice of ${word}, mean ${mean(rows.map(({ dice }) => dice)).toFixed(3)}`,
      x: rows.map(({ dice }) => dice),
      y: rows.map(({ organ }) => organs.indexOf(organ)),
      text: rows.map((row) => escapePlotly(`${row.organ}, ${row.case}`)),
      hovertemplate: "%{text}: %{x:.3f}<extra></extra>",
      boxpoints: "all",
      jitter: 0.5,
      pointpos: 0,
      boxmean: true,
      fillcolor: faint(colour, 0.25),
      line: { color: colour, width: 1.3 },
      marker: { color: faint(colour, 0.7), size: 4 },
    }];
  });
}
