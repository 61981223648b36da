/**
 * Features without what distinguishes their datasets: METHOD section 1, feature filter.
 *
 * A model sees the step from its own dataset to another one in all features at once; distances of features as they are would
 * tell the scanner, not the fault.
 *
 * @module
 */
import { percentile } from "../metrics/statistics.ts";
import type { Feature } from "./feature_distance.ts";

/** Of fewer features nothing is told: a median, and deviations from it, would be those features themselves. */
export const ENOUGH_FEATURES = 5;

/** The feature of an organ, and the dataset of its scan. */
export interface OwnedFeature {
  dataset: string;
  feature: Feature;
}

/**
 * Each feature less the median of those of its dataset, channel by channel; undefined in a dataset with fewer than
 * {@linkcode ENOUGH_FEATURES}. One that holds no number leaves its dataset's without a number.
 */
export function centreFeatures(owned: readonly OwnedFeature[]): (Feature | undefined)[] {
  const datasets = Map.groupBy(owned, ({ dataset }) => dataset);
  const centres = new Map([...datasets].map(([dataset, own]) => [dataset, medianOf(own)]));
  return owned.map(({ dataset, feature }) => {
    const centre = centres.get(dataset);
    return centre && feature.map((value, channel) => value - centre[channel]!);
  });
}

function medianOf(own: readonly OwnedFeature[]): Feature | undefined {
  if (own.length < ENOUGH_FEATURES) return undefined;
  return own[0]!.feature.map((_, channel) => percentile(own.map(({ feature }) => feature[channel]!), 50));
}
