/**
 * Metrics by the keys that notebooks name.
 *
 * @module
 */
import { unknownName } from "../text/unknown_name.ts";
import { everyMetric, type Metric, type MetricDescription, metrics } from "./metric.ts";

/**
 * What is known of a metric that a notebook names.
 *
 * @throws {Error} There is no such metric.
 */
export function metricCalled(name: string): MetricDescription {
  if (Object.hasOwn(metrics, name)) return metrics[name as Metric];
  throw new Error(`Cannot find a metric: it ${unknownName(name, everyMetric)}`);
}

/**
 * Keys of metrics from a text such as "dice, hd95"; `all` means `available`.
 *
 * @param available the metrics that the scores have
 * @throws {Error} One of them is none of `available`.
 *
 * @example
 * ```ts
 * import { metricsNamed } from "consilium/results";
 *
 * metricsNamed("hd95, dice"); // ["hd95", "dice"]
 * metricsNamed("all", ["dice", "nsd"]); // ["dice", "nsd"]
 * ```
 */
export function metricsNamed(text: string, available: readonly Metric[] = everyMetric): Metric[] {
  const names = text.split(",").map((name) => name.trim()).filter((name) => name !== "");
  const known: readonly string[] = available;
  const wrong = names.find((name) => name !== "all" && !known.includes(name));
  if (names.length === 0 || wrong !== undefined) {
    throw new Error(`Cannot choose metrics: a metric ${unknownName(wrong ?? text, [...known, "all"])}`);
  }
  return [...new Set(names.flatMap((name) => name === "all" ? available : [name as Metric]))];
}
