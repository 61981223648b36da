/**
 * The slices of a series, in order: a grid.
 *
 * @module
 */
import type { Vector3 } from "../imaging/matrix.ts";
import { eachAxis } from "../imaging/each_axis.ts";
import type { Affine, Shape } from "../imaging/volume.ts";
import { DicomError } from "./dicom_error.ts";
import type { Frame } from "./frame.ts";

export interface Stack {
  /** From the first slice along the normal of the slices, row × column. */
  frames: Frame[];
  shape: Shape;
  /** From voxel (x, y, z) to mm in RAS+. */
  affine: Affine;
  /** Unit vector at a right angle to the slices, LPS+. */
  normal: Vector3;
  /** From slice to slice, mm in LPS+. */
  step: Vector3;
  /** What is odd, and what was made of it. */
  notes: string[];
}

/** Of a distance between slices: so far it may be off, by rounding and by what scanners write. */
const SLACK = 0.01;

/** Of components of unit vectors that are one. */
const SAME_DIRECTION = 1e-4;

export const dot = (a: Vector3, b: Vector3) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

export const minus = (a: Vector3, b: Vector3): Vector3 => eachAxis((axis) => a[axis] - b[axis]);

export function cross(a: Vector3, b: Vector3): Vector3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/**
 * Puts the slices of one series in order.
 *
 * @throws DicomError where they are no grid: of several sizes or directions, two at one place, some missing, unevenly far apart,
 *   or askew (a tilted gantry)
 */
export function stackOf(frames: readonly Frame[]): Stack {
  const first = frames[0]!;
  requireAlike(frames);
  const normal = cross(first.alongRow, first.alongColumn);
  const along = (frame: Frame) => dot(frame.position, normal);
  const sorted = [...frames].sort((a, b) => along(a) - along(b) || a.number - b.number);
  const places = sorted.map(along);
  const notes: string[] = [];
  const gap = evenGap(sorted, { places, notes });
  const count = sorted.length;
  const start = sorted[0]!, end = sorted.at(-1)!;
  const step: Vector3 = count === 1
    ? eachAxis((axis) => normal[axis] * gap)
    : eachAxis((axis) => (end.position[axis] - start.position[axis]) / (count - 1));
  requireUpright(sorted, { step, normal, gap });
  const { alongRow, alongColumn, spacing: [betweenRows, betweenColumns] } = start;
  const columns = [
    alongRow.map((value) => value * betweenColumns),
    alongColumn.map((value) => value * betweenRows),
    step,
    start.position,
  ];
  // From LPS+ to RAS+; -0 would be written into files.
  const rows = [-1, -1, 1].map((sign, row) =>
    columns.map((column) => column[row] === 0 ? 0 : sign * column[row]!)
  );
  const [height, width] = start.size;
  return {
    frames: sorted,
    shape: [count, height, width],
    affine: [...rows, [0, 0, 0, 1]],
    normal,
    step,
    notes,
  };
}

function requireAlike(frames: readonly Frame[]): void {
  const [first, ...others] = frames as [Frame, ...Frame[]];
  for (const frame of others) {
    if (String(frame.size) !== String(first.size)) {
      const sizes = `${first.size.join("×")} and ${frame.size.join("×")}`;
      throw new DicomError(`slices must be of one size, there are ${sizes} rows×columns`, frame.path);
    }
    const directions = (one: Frame) => [...one.alongRow, ...one.alongColumn];
    if (!alike(directions(frame), directions(first), SAME_DIRECTION)) {
      const found = `${directions(first).join("\\")} and ${directions(frame).join("\\")}`;
      throw new DicomError(`slices must be parallel, ImageOrientationPatient is both ${found}`, frame.path);
    }
    if (!alike(frame.spacing, first.spacing, SAME_DIRECTION)) {
      const found = `${first.spacing.join("\\")} and ${frame.spacing.join("\\")}`;
      throw new DicomError(`slices must have one PixelSpacing, there are ${found}`, frame.path);
    }
  }
}

const alike = (a: readonly number[], b: readonly number[], slack: number) =>
  a.every((value, index) => Math.abs(value - b[index]!) <= slack);

/** The distance between slices, mm. @throws DicomError where it is not one */
function evenGap(
  frames: readonly Frame[],
  { places, notes }: { places: readonly number[]; notes: string[] },
): number {
  const first = frames[0]!, { thickness } = first;
  if (frames.length === 1) {
    if (thickness !== undefined && thickness > 0) return thickness;
    throw new DicomError("a single slice must have a SliceThickness, it has none", first.path);
  }
  const gaps = places.slice(1).map((place, index) => place - places[index]!);
  const twice = gaps.findIndex((gap) => gap < 1e-3);
  if (twice >= 0) {
    const [a, b] = [frames[twice]!, frames[twice + 1]!];
    throw new DicomError(
      `a series must be one volume, slices ${a.number} and ${b.number} lie at one place (${
        millimetres(places[twice]!)
      } along the normal): phases, echoes or diffusion want a series each`,
      b.path,
    );
  }
  const least = Math.min(...gaps), usual = [...gaps].sort((a, b) => a - b)[Math.floor(gaps.length / 2)]!;
  const isMultiple = (gap: number) => Math.abs(gap / least - Math.round(gap / least)) <= SLACK;
  if (gaps.every((gap) => Math.abs(gap / usual - 1) <= SLACK)) {
    if (thickness !== undefined && usual > thickness * (1 + SLACK)) {
      notes.push(
        `slices of ${millimetres(thickness)} are ${
          millimetres(usual)
        } apart: what lies between is taken from them`,
      );
    }
    return usual;
  }
  if (!gaps.every(isMultiple)) {
    const odd = gaps.findIndex((gap) => Math.abs(gap / usual - 1) > SLACK);
    throw new DicomError(
      `slices must be evenly far apart, most are by ${millimetres(usual)}, slices ${
        frames[odd]!.number
      } and ${frames[odd + 1]!.number} by ${millimetres(gaps[odd]!)}`,
      frames[odd + 1]!.path,
    );
  }
  const holes = gaps.flatMap((gap, index) => {
    const missing = Math.round(gap / least) - 1;
    return missing === 0
      ? []
      : [`${missing} between ${frames[index]!.number} and ${frames[index + 1]!.number}`];
  });
  throw new DicomError(
    `no slice must be missing, of slices ${millimetres(least)} apart there are missing ${
      holes.join(", ")
    } (InstanceNumber)`,
    first.path,
  );
}

/** @throws DicomError where slices shift sideways or do not lie on a line */
function requireUpright(
  frames: readonly Frame[],
  { step, normal, gap }: { step: Vector3; normal: Vector3; gap: number },
): void {
  const start = frames[0]!;
  const sideways = Math.hypot(...minus(step, eachAxis((axis) => normal[axis] * dot(step, normal))));
  if (sideways > SLACK * gap) {
    throw new DicomError(
      `slices must lie straight above each other, each is shifted by ${
        millimetres(sideways)
      } (a tilted gantry): resample the series first`,
      start.path,
    );
  }
  for (const [index, frame] of frames.entries()) {
    const off = minus(frame.position, eachAxis((axis) => start.position[axis] + index * step[axis]));
    // Each gap may be off by the slack, and they add up.
    if (Math.hypot(...off) > Math.max(2 * SLACK * gap, 0.05 * Math.min(...frame.spacing))) {
      throw new DicomError(
        `slices must lie on a line, slice ${frame.number} is ${millimetres(Math.hypot(...off))} off`,
        frame.path,
      );
    }
  }
}

function millimetres(length: number): string {
  return `${Number(length.toFixed(3))} mm`;
}
