/**
 * What a page to explore shows: which arms, seeds, datasets and organs, by which metric, beside which arm.
 *
 * @module
 */
import { everyMetric, type Metric, type Statistic } from "../metrics/metric.ts";

export interface Choice {
  metric: Metric;
  /** @default the metric's own */
  statistic?: Statistic | undefined;
  /** The group that the others are compared with; "": none. @default "mutual" where there is one */
  reference?: string | undefined;
  /** Arms stand by themselves, or those with one value of this parameter together. @default by themselves */
  group?: string | undefined;
  /** @default all */
  arms?: readonly string[] | undefined;
  /** As texts; "–" is a run without one. @default all */
  seeds?: readonly string[] | undefined;
  /** @default all */
  datasets?: readonly string[] | undefined;
  /** @default all */
  organs?: readonly string[] | undefined;
  /** The organ that is looked into. @default none */
  organ?: string | undefined;
  /** The case that is looked into, as caseKey names it. @default none */
  case?: string | undefined;
}

const texts = ["reference", "group", "organ", "case"] as const;
const lists = ["arms", "seeds", "datasets", "organs"] as const;

/** What stands behind the # of the page's address, so that a choice can be sent to others. */
export function choiceToHash(choice: Choice): string {
  const parameters = new URLSearchParams();
  if (choice.metric !== "dice") parameters.set("metric", choice.metric);
  if (choice.statistic !== undefined) parameters.set("statistic", choice.statistic);
  for (const key of texts) if (choice[key] !== undefined) parameters.set(key, choice[key]);
  // An empty list is a choice of none, which is not a choice of all.
  for (const key of lists) if (choice[key] !== undefined) parameters.set(key, JSON.stringify(choice[key]));
  return parameters.toString();
}

/** The choice of an address; what it cannot mean is passed over, as if it were not there. */
export function choiceFromHash(hash: string): Choice {
  const parameters = new URLSearchParams(hash.replace(/^#/, ""));
  const metric = everyMetric.find((one) => one === parameters.get("metric")) ?? "dice";
  const statistic = (["mean", "median"] as const).find((one) => one === parameters.get("statistic"));
  const choice: Choice = { metric, statistic };
  for (const key of texts) choice[key] = parameters.get(key) ?? undefined;
  for (const key of lists) choice[key] = listOf(parameters.get(key));
  return choice;
}

function listOf(text: string | null): string[] | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "null");
    return Array.isArray(value) && value.every((one) => typeof one === "string") ? value : undefined;
  } catch {
    return undefined;
  }
}
