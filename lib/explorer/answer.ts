/**
 * What a choice comes to: the comparison of its groups, and what belongs beside it.
 *
 * @module
 */
import { type CaseValues, caseValues } from "../comparison/case_values.ts";
import { type Collapse, collapsedDomains } from "../comparison/collapsed_domains.ts";
import { compareArms } from "../comparison/compare_arms.ts";
import type { Comparison } from "../comparison/comparison.ts";
import { noiseFloor } from "../comparison/noise_floor.ts";
import { metricsOf, type ScoreRow } from "../metrics/score_row.ts";
import type { Metric } from "../metrics/metric.ts";
import { domainMatrix } from "../plots/arms/domain_matrix.ts";
import type { Figure } from "../plots/figure.ts";
import type { Choice } from "./choice.ts";
import { chosenRows } from "./chosen_rows.ts";
import { decodeRows, type ExploredArm, type ExploreData } from "./explore_data.ts";

/** Differences below it are within what seeds make. */
export interface NoiseFloor {
  /** The group whose seeds it is of: the reference, or that of the most seeds. */
  group: string;
  seeds: number;
  /** In the order of the comparison's organs, and of their mean; NaN where nothing can be said. */
  organs: number[];
  mean: number;
}

export interface Answer {
  /** Absent where nothing is chosen, or the chosen has no score by the metric. */
  comparison?: Comparison;
  floor?: NoiseFloor | undefined;
  /** Of the organ that is looked into, or their mean. */
  cases?: CaseValues;
  /** Organs that are found where training scans show them, and lost elsewhere. */
  collapsed: Collapse[];
  /** Mean Dice of organs by dataset, where there are several. */
  domains?: Figure | undefined;
  /** Difference from the arm that saw every label, where it is among the chosen and is not the reference. */
  price?: Comparison | undefined;
  /** Metrics that the chosen rows have. */
  metrics: Metric[];
  /** Why there is no comparison, and what groups are made of. */
  notes: string[];
}

/** The arm that trains on labels that others do not see. */
export const ALL_LABELS = "oracle";

/** Answers choices; rows are decoded once. */
export function answerer(data: ExploreData): (choice: Choice) => Answer {
  const decoded = new Map<string, ScoreRow[]>();
  const rowsOf = ({ name, rows }: ExploredArm) => {
    if (!decoded.has(name)) decoded.set(name, decodeRows(rows));
    return decoded.get(name)!;
  };
  return (choice) => {
    const { rows, notes } = chosenRows(data, choice, { rowsOf });
    const metrics = metricsOf(rows);
    if (!metrics.includes(choice.metric)) {
      const why = metrics.length === 0
        ? "Nothing is chosen that has scores."
        : "The chosen runs lack this metric.";
      return { metrics, collapsed: [], notes: [...notes, why] };
    }
    const options = { metric: choice.metric, statistic: choice.statistic };
    const reference = choice.reference !== undefined && Object.hasOwn(rows, choice.reference)
      ? choice.reference
      : undefined;
    const comparison = compareArms(rows, { ...options, reference: choice.reference === "" ? "" : reference });
    const organ = choice.organ !== undefined && comparison.organs.includes(choice.organ)
      ? choice.organ
      : undefined;
    const priced = ALL_LABELS in rows && comparison.reference !== ALL_LABELS && comparison.arms.length > 1;
    return {
      comparison,
      floor: floorOf(comparison),
      cases: caseValues(rows, { organ, metric: choice.metric }),
      ...domainsOf(data, rows),
      price: priced ? compareArms(rows, { ...options, reference: ALL_LABELS }) : undefined,
      metrics,
      notes,
    };
  };
}

/** Where the cohort's file says what its training scans show, and there are two domains. */
function domainsOf(
  { labelled }: ExploreData,
  rows: Record<string, ScoreRow[]>,
): Pick<Answer, "domains" | "collapsed"> {
  const all = Object.values(rows).flat(), domains = [...new Set(all.map(({ dataset }) => dataset))];
  if (labelled === undefined || domains.length < 2) return { collapsed: [] };
  const organs = [...new Set(all.map(({ organ }) => organ))];
  const unlabelled = organs.flatMap((organ) =>
    domains.filter((domain) => Object.hasOwn(labelled, domain) && !labelled[domain]!.includes(organ))
      .map((domain): [string, string] => [organ, domain])
  );
  const { data, layout } = domainMatrix(rows, { unlabelled });
  // Plain, as it comes from a worker.
  return { domains: { data, layout } as Figure, collapsed: collapsedDomains(rows, labelled) };
}

function floorOf({ arms, reference }: Comparison): NoiseFloor | undefined {
  const most = arms.toSorted((a, b) => b.seeds - a.seeds)[0]!;
  const base = arms.find(({ name, seeds }) => name === reference && seeds > 1) ?? most;
  if (base.seeds < 2) return undefined;
  const { name: group, seeds } = base;
  return {
    group,
    seeds,
    organs: base.organs.map((score) => noiseFloor(score, { seeds })),
    mean: noiseFloor(base.mean, { seeds }),
  };
}
