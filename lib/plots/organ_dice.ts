/**
 * Dice of every case, by organ.
 *
 * @module
 */
import { mean } from "simple-statistics";
import { escapePlotly, shortLabel } from "./escape.ts";
import { type Figure, figure, type Layout, type Trace } from "./figure.ts";
import { type Arms, armsOf, type MetricRow, organsOf } from "../metrics/metric_row.ts";
import { requireRows, undefinedNote } from "./metric_rows.ts";
import { diceAxis, nameAxis, widthFor } from "./organ_axis.ts";
import { faint, organColours, seriesColours } from "./palette.ts";
import { GREY, LETTER, TEXT_SIZE } from "./template.ts";
import { heading } from "./heading.ts";

export interface OrganDiceOptions {
  /** The study's vocabulary: order and colours of the organs. @default [] (as the rows come) */
  organs?: readonly string[];
  /** Colours by name, of organs (one arm) or of arms (several). @default {} */
  colours?: Record<string, string>;
  /** @default "Dice per organ" */
  title?: string;
}

/**
 * Boxes of cases per organ (median, quartiles, whiskers to 1.5 interquartile ranges, dashed mean) with every case
 * as a point; several arms stand side by side. A missed organ counts as 0; an undefined one is left out and
 * counted in a note.
 */
export function organDice(
  rows: Arms<MetricRow>,
  { organs: vocabulary = [], colours, title = "Dice per organ" }: OrganDiceOptions = {},
): Figure {
  const given = armsOf(rows);
  const arms = given.map(([name, list]): [string, readonly MetricRow[]] => [name, averageSeeds(list)]);
  requireRows("plot Dice per organ", arms.flatMap(([, list]) => list));
  const organs = organsOf(arms, vocabulary);
  const width = widthFor(organs.length, { series: arms.length });
  const data = arms.length === 1
    ? oneArm(arms[0][1], {
      organs,
      colours: organColours([...new Set([...vocabulary, ...organs])], { colours }),
    })
    : severalArms(arms, { organs, colours: seriesColours(arms.map(([name]) => name), { colours }) });
  const values = arms.flatMap(([, list]) => list.map(({ dice }) => dice));
  const means = arms.length === 1 ? meanLabels(arms[0][1], organs) : [];
  const meanPlace = arms.length === 1 ? "dashed and above" : "dashed";
  const several = given.some(([, list]) => new Set(list.map(({ seed }) => seed)).size > 1);
  const notes = [
    `A point is a case${
      several ? ", the mean over its seeds" : ""
    }; boxes: median and quartiles; ${meanPlace}: mean.`,
    ...undefinedNote(arms, organs),
  ];
  const { title: text, margin } = heading(title, { notes, width });
  return figure(data, {
    title: text,
    margin: { t: margin.t + (arms.length === 1 ? MEAN_HEIGHT : 0) },
    width,
    height: 340 + margin.t,
    boxmode: arms.length === 1 ? "overlay" : "group",
    boxgap: 0.3,
    boxgroupgap: 0.15,
    xaxis: nameAxis(tickLabels(organs, { arms, width })),
    yaxis: diceAxis(values),
    annotations: means,
    showlegend: arms.length > 1,
  });
}

/** A row a case and organ: the mean over its seeds where it is defined. One seed's rows stay as they are. */
function averageSeeds(rows: readonly MetricRow[]): readonly MetricRow[] {
  if (new Set(rows.map(({ seed }) => seed)).size < 2) return rows;
  const groups = new Map<string, MetricRow[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.dataset, row.case, row.organ]);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key)!.push(row);
  }
  return [...groups.values()].map((same) => {
    const defined = same.map(({ dice }) => dice).filter((dice) => !Number.isNaN(dice));
    return { ...same[0], dice: defined.length > 0 ? mean(defined) : NaN };
  });
}

/** Px the means above the plot take. */
const MEAN_HEIGHT = 20;

function oneArm(
  rows: readonly MetricRow[],
  { organs, colours }: { organs: string[]; colours: Map<string, string> },
): Trace[] {
  return organs.map((organ) => {
    const own = rows.filter((row) => row.organ === organ);
    return box(own, { name: organ, organs, colour: colours.get(organ)! });
  });
}

function severalArms(
  arms: [string, readonly MetricRow[]][],
  { organs, colours }: { organs: string[]; colours: Map<string, string> },
): Trace[] {
  return arms.map(([name, rows], index) => ({
    ...box(rows, { name, organs, colour: colours.get(name)! }),
    offsetgroup: `${index}`,
  }));
}

function box(
  rows: readonly MetricRow[],
  { name, organs, colour }: { name: string; organs: string[]; colour: string },
): Trace {
  const shown = rows.filter((row) => !Number.isNaN(row.dice));
  return {
    type: "box",
    name: shortLabel(name),
    x: shown.map((row) => organs.indexOf(row.organ)),
    y: shown.map((row) => row.dice),
    text: shown.map((row) => escapePlotly(`${row.organ}, ${row.case}`)),
    hovertemplate: "%{text}: %{y:.3f}<extra></extra>",
    boxpoints: "all",
    jitter: 0.6,
    pointpos: 0,
    boxmean: true,
    fillcolor: faint(colour, 0.25),
    line: { color: colour, width: 1.5 },
    marker: { color: faint(colour, 0.65), size: 4 },
  };
}

/** Name and number of values, in two lines where they fit side by side; "n = 29–30" where the arms differ. */
function tickLabels(
  organs: string[],
  { arms, width }: { arms: [string, readonly MetricRow[]][]; width: number },
): string[] {
  const names = organs.map((organ) => shortLabel(organ));
  const slot = (width - (arms.length === 1 ? 80 : 280)) / organs.length;
  const upright = names.every((name) => name.length * TEXT_SIZE * LETTER < slot);
  return organs.map((organ, index) => {
    const counts = arms.map(([, rows]) =>
      rows.filter((row) => row.organ === organ && !Number.isNaN(row.dice)).length
    );
    const [least, most] = [Math.min(...counts), Math.max(...counts)];
    const n = least === most ? `n = ${most}` : `n = ${least}–${most}`;
    const count = `<span style="color:${GREY}">${upright ? n : `(${n})`}</span>`;
    return `${names[index]}${upright ? "<br>" : " "}${count}`;
  });
}

/** The mean above each organ. */
function meanLabels(rows: readonly MetricRow[], organs: string[]): Layout[] {
  return organs.flatMap((organ, x) => {
    const values = rows.filter((row) => row.organ === organ && !Number.isNaN(row.dice)).map((row) =>
      row.dice
    );
    if (values.length === 0) return [];
    const text = `<b>${mean(values).toFixed(3)}</b>`;
    return [{ x, y: 1, yref: "paper", yanchor: "bottom", text, showarrow: false }];
  });
}
