/**
 * The metrics of a segmentation, one entry each: scoring computes them, metrics.csv has a column of each, and tables, figures
 * and pages show them as their entries say. A new metric is a new entry. Results that are older than a metric lack it.
 *
 * **One name, one statistic.** What is printed of a metric is the same statistic everywhere, and its heading names it:
 *
 * - Dice and NSD lie in 0…1 and a missed organ has 0: their *mean* over cases.
 * - Distances (HD95, ASSD) are skewed, and infinite where an organ is missed: their *median* over cases, a miss counting as
 *   larger than any number. A mean of the finite ones would be ruled by a few stray voxels, and would reward an arm for
 *   missing its hardest cases.
 * - Of several seeds a case has the mean over them, infinite where any of them missed the organ.
 * - Over organs: the plain mean of the organs' statistics.
 * - Intervals are bootstraps of the same statistic; a difference from another arm is the same statistic of the differences
 *   case by case. (The median of differences is not the difference of medians, but what the signed rank test is about.)
 *
 * @module
 */
import { normalisedSurfaceDice } from "./nsd.ts";
import type { OrganMasks } from "./organ_masks.ts";
import { dice } from "./overlap.ts";
import { averageSymmetricSurfaceDistance, hausdorff95 } from "./surface_distance.ts";

export interface MetricDescription {
  name: string;
  /** Its heading in metrics.csv, where columns stand in the order of the entries. */
  column: string;
  /** In its unit; NaN where the organ is in neither truth nor prediction. */
  compute: (masks: OrganMasks) => number;
  /** Of a missed organ: present in one of truth and prediction only. */
  missed: 0 | typeof Infinity;
  /** "": a share, 0…1. */
  unit: "" | "mm";
  /** Printed after the point. */
  digits: number;
  better: "more" | "less";
  /** Over cases. */
  statistic: Statistic;
  /** It depends on the organ's tolerance, which is part of its name. */
  tolerance?: true;
}

export type Statistic = "mean" | "median";

const overlap = { missed: 0, unit: "", digits: 3, better: "more", statistic: "mean" } as const;
const distance = { missed: Infinity, unit: "mm", better: "less", statistic: "median" } as const;

const described = {
  dice: { ...overlap, name: "Dice", column: "dice", compute: dice },
  nsd: {
    ...overlap,
    name: "NSD",
    column: "nsd",
    compute: (masks) => normalisedSurfaceDice(masks, masks),
    tolerance: true,
  },
  hd95: {
    ...distance,
    name: "HD95",
    column: "hd95_mm",
    compute: ({ distances }) => hausdorff95(distances),
    digits: 1,
  },
  assd: {
    ...distance,
    name: "ASSD",
    column: "assd_mm",
    compute: ({ distances }) => averageSymmetricSurfaceDistance(distances),
    digits: 2,
  },
} as const satisfies Record<string, MetricDescription>;

export type Metric = keyof typeof described;

/** A value of each. */
export type Scores = Readonly<Record<Metric, number>>;

/** By their keys, in the order in which they are shown. */
export const metrics: Readonly<Record<Metric, MetricDescription>> = described;

/** Keys of all metrics in that order. */
export const everyMetric = Object.keys(described) as readonly Metric[];
