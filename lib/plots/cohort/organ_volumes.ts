/**
 * Volumes of annotated organs.
 *
 * @module
 */
import type { CohortCase } from "./cohort_case.ts";
import { escapePlotly, shortLabel } from "../escape.ts";
import { type Figure, figure } from "../figure.ts";
import { heading } from "../heading.ts";
import { requireRows } from "../arms/metric_rows.ts";
import { nameAxis, widthFor } from "../arms/organ_axis.ts";
import { faint, seriesColours } from "../palette.ts";

export interface OrganVolumesOptions {
  /** The study's vocabulary. */
  organs: readonly string[];
}

/**
 * Boxes of cases per organ and dataset in mL, every case a point, on a logarithmic axis; organs without a voxel are counted in a note.
 *
 * @example
 * ```ts
 * import { surveyCohort } from "consilium/data";
 * import { organVolumes } from "consilium/plots";
 *
 * const { organs, cases } = await surveyCohort("phantom");
 * organVolumes(cases, { organs });
 * ```
 */
export function organVolumes(cases: readonly CohortCase[], { organs }: OrganVolumesOptions): Figure {
  requireRows("plot organ volumes", cases);
  const datasets = [...new Set(cases.map(({ dataset }) => dataset))];
  const colours = seriesColours(datasets);
  const rows = cases.flatMap(({ organs, ...one }) => organs.map((organ) => ({ ...one, ...organ })));
  const seen = rows.filter(({ volume }) => volume > 0);
  const width = widthFor(organs.length, { series: datasets.length });
  const notes = ["A point is a case; boxes: median and quartiles."];
  const empty = rows.length - seen.length;
  if (empty > 0) notes.push(`Left out: ${empty} annotated organs without a voxel.`);
  const head = heading("Organ volumes", { notes, width });
  const data = datasets.map((dataset) => {
    const own = seen.filter((row) => row.dataset === dataset);
    const colour = colours.get(dataset)!;
    return {
      type: "box",
      name: shortLabel(dataset),
      offsetgroup: dataset,
      x: own.map(({ organ }) => organs.indexOf(organ)),
      y: own.map(({ volume }) => Number(volume.toPrecision(4))),
      text: own.map((row) => escapePlotly(`${row.organ}, ${row.case}`)),
      hovertemplate: "%{text}: %{y} mL<extra></extra>",
      boxpoints: "all",
      jitter: 0.6,
      pointpos: 0,
      fillcolor: faint(colour, 0.25),
      line: { color: colour, width: 1.5 },
      marker: { color: faint(colour, 0.65), size: 4 },
    };
  });
  return figure(data, {
    ...head,
    width,
    height: 360 + head.margin.t,
    boxmode: "group",
    boxgap: 0.3,
    boxgroupgap: 0.15,
    showlegend: true,
    xaxis: nameAxis(organs.map((organ) => shortLabel(organ))),
    yaxis: { type: "log", title: { text: "volume (mL)" }, ...ticksOf(seen.map(({ volume }) => volume)) },
  });
}

/** 1, 2 and 5 of each power of ten: Plotly's own say "5" for 500. */
function ticksOf(volumes: number[]): { tickvals: number[]; ticktext: string[] } {
  const [least, most] = [Math.log10(Math.min(...volumes)), Math.log10(Math.max(...volumes))];
  const tickvals: number[] = [];
  for (let power = Math.floor(least); power <= most; power++) {
    tickvals.push(...[1, 2, 5].map((digit) => Number(`${digit}e${power}`)));
  }
  return { tickvals, ticktext: tickvals.map(String) };
}
