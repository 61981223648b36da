/**
 * Statistics of scores that may be undefined (NaN: nothing to score) or missed (Infinity: an organ found in one of truth
 * and prediction only). Which one is printed of which score: metric.ts.
 *
 * @module
 */
import {
  mean,
  medianAbsoluteDeviation as medianAbsoluteDeviationOf,
  sampleStandardDeviation,
} from "simple-statistics";

/** What a table cell needs to know of a column of scores. NaN where there is nothing to compute from. */
export interface Summary {
  /** Mean of the finite values. */
  mean: number;
  /** Standard deviation of the finite values, with n - 1; NaN below two of them. */
  std: number;
  /** Median of all defined values, a miss counting as larger than any number: Infinity when most are missed. */
  median: number;
  /** How many values are finite. */
  finite: number;
  /** How many are Infinity: the organ is in one of truth and prediction only. */
  missed: number;
  /** How many are NaN: the organ is in neither. */
  undefined: number;
}

/** Summarises scores of one organ over cases, or of several. */
export function summarise(values: Iterable<number>): Summary {
  const all = [...values];
  const finite = all.filter(Number.isFinite);
  const defined = all.filter((value) => !Number.isNaN(value));
  return {
    mean: finite.length > 0 ? mean(finite) : NaN,
    std: finite.length > 1 ? sampleStandardDeviation(finite) : NaN,
    median: percentile(defined, 50), // the library's median of two misses is NaN
    finite: finite.length,
    missed: defined.length - finite.length,
    undefined: all.length - defined.length,
  };
}

/** Of the values that are not NaN, some of which may be infinite; NaN where there is none. */
export function statisticOf(values: Iterable<number>, statistic: "mean" | "median"): number {
  const defined = [...values].filter((value) => !Number.isNaN(value));
  if (statistic === "median") return percentile(defined, 50);
  // The library's compensated sum makes NaN of an infinite value.
  return defined.length > 0 ? defined.reduce((a, b) => a + b) / defined.length : NaN;
}

/** Median of |x - median(x)| over the finite values (not scaled to a standard deviation); NaN without any. */
export function medianAbsoluteDeviation(values: Iterable<number>): number {
  const finite = [...values].filter(Number.isFinite);
  return finite.length > 0 ? medianAbsoluteDeviationOf(finite) : NaN;
}

/**
 * The value below which `percent` of the values lie, between two neighbours by linear interpolation: the default
 * of NumPy and PyTorch, which simple-statistics does not have. NaN without values or when one of them is NaN.
 *
 * @param percent 0 to 100.
 * @throws {RangeError} When `percent` is outside 0 to 100.
 */
export function percentile(values: Iterable<number>, percent: number): number {
  if (!(percent >= 0 && percent <= 100)) {
    throw new RangeError(`Cannot compute percentile: it must be 0 to 100, current value is ${percent}`);
  }
  const sorted = Float64Array.from(values).sort(); // NaN sorts last
  if (sorted.length === 0 || Number.isNaN(sorted[sorted.length - 1])) return NaN;
  const place = percent / 100 * (sorted.length - 1);
  const lower = sorted[Math.floor(place)]!;
  const upper = sorted[Math.ceil(place)]!;
  // Two equal neighbours need no interpolation, and two infinite ones do not survive it: Infinity - Infinity.
  return lower === upper ? lower : lower + (upper - lower) * (place - Math.floor(place));
}
