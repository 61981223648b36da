/**
 * Scores as texts, the same in every table.
 *
 * @module
 */
import type { Interval } from "../../comparison/bootstrap.ts";
import type { Comparison } from "../../comparison/comparison.ts";
import { type Metric, metrics } from "../../metrics/metric.ts";
import type { Score } from "../../comparison/score_arms.ts";

/**
 * A number with the metric's digits, a dash where there is none, ∞ where it is infinite. What is not quite perfect, or not
 * quite nothing, is not printed as if it were: "> 0.999", "< 0.001".
 */
export function valueText(value: number, metric: Metric): string {
  const { digits, missed } = metrics[metric];
  if (Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const text = value.toFixed(digits);
  const step = 10 ** -digits;
  if (value > 0 && Number(text) === 0) return `< ${step}`;
  return missed === 0 && value < 1 && Number(text) === 1 ? `> ${1 - step}` : text;
}

/** An arm's score: "0.878", "1.4", with what was missed "3.0 (1 missed)", or where that is most of it "missed 3 of 5". */
export function scoreText(score: Score, metric: Metric): string {
  return withMisses(valueText(score.value, metric), score, metric);
}

/** Adds to a score's text what was missed, which of a metric that has a value for it is no news. */
export function withMisses(text: string, { value, missed, values }: Score, metric: Metric): string {
  if (value === Infinity) return `missed ${missed} of ${values}`;
  return metrics[metric].missed === Infinity && missed > 0 ? `${text} (${missed} missed)` : text;
}

/** With the standard deviation over cases, where there are two. */
export function diceText({ value, caseDeviation }: Score): string {
  const text = valueText(value, "dice");
  return Number.isNaN(caseDeviation) ? text : `${text} ± ${caseDeviation.toFixed(metrics.dice.digits)}`;
}

/** With its sign; a difference that is printed as nothing has none. */
export function signedText(value: number, metric: Metric): string {
  if (Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "+∞" : "−∞";
  const text = Math.abs(value).toFixed(metrics[metric].digits);
  return Number(text) === 0 ? text : `${value > 0 ? "+" : "−"}${text}`;
}

/** "−0.010 to +0.020"; null where there is none. */
export function signedInterval({ low, high }: Interval, metric: Metric): string | null {
  return Number.isNaN(low) ? null : `${signedText(low, metric)} to ${signedText(high, metric)}`;
}

/** "HD95 (mm): median of the paired differences from mutual". */
export function differenceTitle({ metric, name, statistic, reference }: Comparison): string {
  const { unit } = metrics[metric];
  return `${name}${unit && ` (${unit})`}: ${statistic} of the paired differences from ${
    reference ?? "the reference arm"
  }`;
}
