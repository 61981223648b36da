/**
 * On which side of 0 an interval of differences lies.
 *
 * @module
 */
import type { Interval } from "../../comparison/bootstrap.ts";
import { type Metric, metrics } from "../../metrics/metric.ts";

/** As it is printed: what is 0 in a table's digits is no difference that the table shows. */
export function holdsZero({ low, high }: Interval, metric: Metric): boolean {
  const { digits } = metrics[metric];
  return Number(low.toFixed(digits)) <= 0 && Number(high.toFixed(digits)) >= 0;
}

/** "holds 0", "is above 0", "is below 0"; null where there is no interval. */
export function zeroVerdict(interval: Interval, metric: Metric): string | null {
  if (Number.isNaN(interval.low)) return null;
  return holdsZero(interval, metric) ? "holds 0" : interval.low > 0 ? "is above 0" : "is below 0";
}
