/**
 * The scanners of a phantom, as its options want them.
 *
 * @module
 */
import { eachAxis } from "../../imaging/each_axis.ts";
import { type Scanner, SCANNERS } from "./phantom_scanner.ts";
import type { PhantomSettings } from "./phantom_options.ts";
import type { Tissue } from "./phantom_anatomy.ts";

/** What a partial field shows of the trunk's height: neighbours overlap, and no scanner sees all organs whole. */
const PARTIAL_SHARE = 0.6;

export interface Fleet {
  /** Those of the datasets: the first sees the trunk's upper part, the last its lower, where fields are partial. */
  training: Scanner[];
  /**
   * The same ones, which see all of the trunk: a model for all organs is tested where all organs are. A scanner's own field
   * would spare it the organs that its dataset's scans lack, and scores of whole and partial fields would be of other scans.
   */
  test: Scanner[];
}

/** The wanted number of scanners, as different as wanted, with their fields of view. */
export function scannerFleet(
  { scanners, scannerDifference, fieldsOfView, voxelScale }: PhantomSettings,
): Fleet {
  const own = SCANNERS.slice(0, scanners);
  const test = own.map((scanner): Scanner => ({
    ...scanner,
    ...apart(scanner, own, scannerDifference),
    voxelMm: eachAxis((axis) => scanner.voxelMm[axis] * voxelScale),
  }));
  if (fieldsOfView === "whole") return { training: test, test };
  const training = test.map((scanner, index): Scanner => {
    const low = (1 - PARTIAL_SHARE) * (1 - index / (test.length - 1));
    return { ...scanner, field: [low, low + PARTIAL_SHARE] };
  });
  return { training, test };
}

/** What tells a scanner from the others, so many times as far from their mean. */
function apart(
  scanner: Scanner,
  all: readonly Scanner[],
  difference: number,
): Pick<Scanner, "tissueHu" | "gain" | "noiseHu"> {
  // Weights of exactly 0 and 1: a difference of 1 is the scanner itself to the last bit, one of 0 is the mean.
  const moved = (value: (scanner: Scanner) => number) => {
    const mean = all.reduce((sum, one) => sum + value(one), 0) / all.length;
    return (1 - difference) * mean + difference * value(scanner);
  };
  const tissues = Object.keys(scanner.tissueHu) as Tissue[];
  const tissueHu = Object.fromEntries(
    tissues.map((tissue) => [tissue, moved((one) => one.tissueHu[tissue])]),
  );
  return {
    tissueHu: tissueHu as Scanner["tissueHu"],
    gain: moved(({ gain }) => gain),
    noiseHu: moved(({ noiseHu }) => noiseHu),
  };
}
