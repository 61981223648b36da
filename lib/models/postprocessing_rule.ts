/**
 * What is removed from an organ's prediction: METHOD section 0, postprocessing.
 *
 * @module
 */
import { z } from "zod";
import type { OrganNumber } from "../data/label_set.ts";

/** Which components of an organ stay; what does not is background. */
export interface OrganRule {
  organ: OrganNumber;
  /** The largest alone, of equally large ones all. */
  largest: boolean;
  /** Those of this volume and more, mm³; 0: of any. */
  minimumMm3: number;
}

/** As bundles keep it: a rule of each organ that has one. */
export const postprocessing = z.array(z.object({
  organ: z.int().min(1),
  largest: z.boolean(),
  minimumMm3: z.number().min(0),
}));

/** Whether a rule takes anything away. */
export function takesAway({ largest, minimumMm3 }: Omit<OrganRule, "organ">): boolean {
  return largest || minimumMm3 > 0;
}

/** What stays, as a line: `the largest component, if it has 12.5 mm³`. */
export function describeRule({ largest, minimumMm3 }: Omit<OrganRule, "organ">): string {
  if (minimumMm3 === 0) return largest ? "the largest component" : "all";
  const volume = `${Number(minimumMm3.toPrecision(3))} mm³`;
  return largest ? `the largest component, if it has ${volume}` : `components of ${volume} and more`;
}
