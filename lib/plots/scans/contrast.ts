/**
 * Which intensities are shown black and white.
 *
 * @module
 */
import { percentile } from "../../metrics/statistics.ts";

/** 1st and 99.5th percentile of the finite values. */
export function contrast(intensities: Float32Array): [black: number, white: number] {
  const values = intensities.filter(Number.isFinite);
  if (values.length === 0) return [0, 1];
  const [black, white] = [percentile(values, 1), percentile(values, 99.5)];
  return white > black ? [black, white] : [black - 1, black + 1];
}
