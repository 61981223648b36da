/**
 * How scans become what the network sees.
 *
 * @module
 */
import type { Spacing } from "../imaging/volume.ts";
import type { Intensity } from "./store/intensity.ts";

export interface Preprocessing {
  /** [z, y, x] every scan is resampled to, mm. */
  spacingMm: Spacing;
  intensity: Intensity;
}
