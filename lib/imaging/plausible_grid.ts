/**
 * Which grids a scan of a person may have, checked before memory or time is spent on what a header says.
 *
 * Lengths in the wrong unit are the usual fault: voxels of 0.001 mm become one voxel when they are resampled, voxels of 30 mm a
 * volume that no memory holds.
 *
 * @module
 */
import { isForced } from "./forced.ts";
import type { Shape, Spacing } from "./volume.ts";

/** Side of a voxel, mm: from microscopes that take whole organs to the thickest slices of scouts. */
const SPACING = [0.02, 25] as const;

/** Longest side of a volume, mm: people are shorter than that. */
const MOST_EXTENT = 2500;

/** Most voxels, of a file or after resampling: 1024³, 4 GiB as float32. */
const MOST_VOXELS = 2 ** 30;

/** What is implausible of a grid, or nothing; `--force` takes any. A flat one is told by whoever inverts its affine. */
export function implausible(shape: Shape, spacing: Spacing): string | undefined {
  if (isForced() || spacing.includes(0)) return undefined;
  const lengths = spacing.map((length) => Number(length.toPrecision(3))).join(" × ");
  const advice = "are lengths in mm? --force takes them as they are";
  if (spacing.some((length) => length < SPACING[0] || length > SPACING[1])) {
    return `wanted voxels of ${SPACING.join(" to ")} mm, found ${lengths} mm [z, y, x]; ${advice}`;
  }
  const extent = Math.max(...shape.map((size, axis) => size * spacing[axis]!));
  if (extent > MOST_EXTENT) {
    return `wanted a volume of at most ${MOST_EXTENT} mm, found ${
      Math.round(extent)
    } mm (voxels of ${lengths} mm [z, y, x]); ${advice}`;
  }
  return tooMany(shape);
}

/** The same of the grid that a scan is resampled to. */
export function implausibleResampled(shape: Shape, spacing: Spacing): string | undefined {
  if (isForced()) return undefined;
  const problem = tooMany(shape);
  return problem &&
    `resampled to ${spacing.join(" × ")} mm [z, y, x] the scan would have too many voxels: ${problem}`;
}

function tooMany(shape: Shape): string | undefined {
  const voxels = shape.reduce((product, size) => product * size, 1);
  return voxels <= MOST_VOXELS
    ? undefined
    : `wanted at most ${MOST_VOXELS.toLocaleString("en")} voxels, found ${
      shape.join("×")
    }; --force takes them as they are`;
}
