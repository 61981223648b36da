/**
 * Where a scan's voxels lie.
 *
 * A header says it up to three times: by the sform, by the qform, and by the voxels' lengths (`pixdim`), which the qform shares. Where these
 * agree, all tools do. Where they contradict each other, what is taken is:
 *
 * 1. the sform if its code > 0 and it is invertible, else the qform if its code > 0, else the lengths alone, with the origin at the grid's
 *    centre and x pointing left (the radiological order of Analyze), as in nibabel;
 * 2. of an sform without shear whose columns are not as long as `pixdim` says, only directions and origin, as in ITK (Slicer, ITK-SNAP, nnU-Net):
 *    there the lengths are always `pixdim`'s. (Editors that reset the affine and not the lengths are more usual than the reverse.)
 *
 * Every such choice is a note, which whoever reads the scan shows.
 *
 * @module
 */
import { eachAxis } from "../each_axis.ts";
import {
  closestRotation,
  columnLengths,
  describeMatrix,
  isInvertible,
  linearPart,
  matrix3,
  type Vector3,
} from "../matrix.ts";
import { axisCodes } from "../orientation.ts";
import type { Affine } from "../volume.ts";
import { ScanError } from "../scan_error.ts";
import type { NiftiHeader } from "./nifti_header.ts";
import { rotationOfQuaternion } from "./quaternion.ts";

export interface NiftiGeometry {
  /** From voxel (i, j, k) to mm in RAS+. */
  affine: Affine;
  /** What of the header is odd, and what was made of it: one sentence each. */
  notes: string[];
}

/** Lengths that differ by less are one: rounding, and what scanners write of oblique slices. */
const SAME_LENGTH = 1e-3;

/** Lengths in mm by the code of the unit; millimetres where no unit, or none that NIfTI knows, is given. */
const UNITS: Record<number, { name: string; millimetres: number }> = {
  1: { name: "metres", millimetres: 1000 },
  3: { name: "microns", millimetres: 0.001 },
};

/** Millimetres in the header's unit of length. */
export function millimetresOf({ units }: Pick<NiftiHeader, "units">): number {
  return UNITS[units & 7]?.millimetres ?? 1;
}

/** @throws ScanError `geometry` when a number is not finite or the quaternion is none */
export function geometryOfHeader(header: NiftiHeader, path: string): NiftiGeometry {
  const notes: string[] = [];
  const rows = header.sformCode > 0 && (isInvertible(linearPart(header.sform)) || header.qformCode === 0)
    ? ofSform(header, notes)
    : header.qformCode > 0
    ? qform(header, path)
    : centred(header);
  if (!rows.flat().every(Number.isFinite)) {
    throw new ScanError("geometry", `wanted a finite affine, found ${describeMatrix(rows)}`, { path });
  }
  notes.push(...oddCodes(header, path));
  const unit = UNITS[header.units & 7];
  if (unit) {
    notes.push(
      `the header says lengths in ${unit.name} (xyzt_units): they are taken as such and turned to mm`,
    );
  }
  const millimetres = millimetresOf(header);
  const scaled = rows.map((row) => row.map((value) => value * millimetres));
  return { affine: [...scaled, [0, 0, 0, 1]], notes };
}

/** The sform, its columns as long as `pixdim` says where the two contradict each other. */
function ofSform({ sform, zooms, hasZooms }: NiftiHeader, notes: string[]): number[][] {
  const rows = sform.map((row) => [...row]);
  if (!hasZooms || !isInvertible(linearPart(rows))) return rows;
  const linear = linearPart(rows), own = columnLengths(linear);
  const wanted: Vector3 = [zooms[0], zooms[1], zooms[2]];
  if (own.every((length, axis) => Math.abs(length / wanted[axis]! - 1) <= SAME_LENGTH)) return rows;
  const both = `its sform has voxels of ${lengthsText(own)}, its pixdim of ${lengthsText(wanted)}`;
  const unit = matrix3((row, column) => linear[row][column] / own[column]);
  const turned = closestRotation(unit);
  if (unit.some((row, i) => row.some((value, j) => Math.abs(value - turned[i]![j]!) > SAME_LENGTH))) {
    notes.push(
      `${both}: the sform is taken, since it has shear, which no pixdim can say (ITK takes the pixdim)`,
    );
    return rows;
  }
  notes.push(
    `${both}: lengths are taken from the pixdim, directions and origin from the sform, as ITK does (nibabel's affine is the sform)`,
  );
  return rows.map((row) =>
    row.map((value, column) => column < 3 ? value / own[column]! * wanted[column]! : value)
  );
}

/** By their order on disk, [x, y, z]. */
function lengthsText(lengths: Vector3): string {
  return `${lengths.map((length) => Number(length.toPrecision(4))).join(" × ")}`;
}

/** What is odd in the codes and in transforms that should be one. */
function oddCodes(header: NiftiHeader, path: string): string[] {
  const { sformCode, qformCode, sform } = header;
  if (sformCode === 0 && qformCode === 0) {
    return ["its header says no orientation (sform and qform have code 0): left and right are a guess"];
  }
  if (sformCode === 0 || qformCode === 0) return [];
  if (!isInvertible(linearPart(sform))) {
    return ["its sform is not invertible: the qform is taken, as ITK does (nibabel takes the sform)"];
  }
  const other = tryQform(header, path);
  if (!other) return [];
  const [bySform, byQform] = [axisCodes([...sform, [0, 0, 0, 1]]), axisCodes([...other, [0, 0, 0, 1]])];
  return bySform === byQform ? [] : [
    `its sform and its qform point elsewhere (${bySform} and ${byQform}): the sform is taken, as nibabel does`,
  ];
}

/** Nothing where there is none, or where it is flat. */
function tryQform(header: NiftiHeader, path: string): number[][] | undefined {
  try {
    const rows = qform(header, path);
    return isInvertible(linearPart(rows)) ? rows : undefined;
  } catch (error) {
    if (error instanceof ScanError) return undefined;
    throw error;
  }
}

function qform({ quaternion, qoffset, qfac, zooms, version }: NiftiHeader, path: string): number[][] {
  // Components are stored in single (NIfTI-1) or double precision; so far their squares may exceed 1.
  const rotation = rotationOfQuaternion(quaternion, {
    tolerance: version === 1 ? 3 * 2 ** -23 : 3 * 2 ** -52,
  });
  if (!rotation) {
    throw new ScanError("geometry", `wanted b, c, d of a unit quaternion, found ${quaternion.join(", ")}`, {
      path,
    });
  }
  const scales: Vector3 = [zooms[0], zooms[1], zooms[2] * qfac];
  return eachAxis((row) => [
    ...eachAxis((column) => rotation[row][column] * scales[column]),
    qoffset[row],
  ]);
}

function centred({ shape, zooms }: NiftiHeader): number[][] {
  const scales: Vector3 = [-zooms[0], zooms[1], zooms[2]];
  return eachAxis((axis) => {
    const scale = scales[axis];
    const row = [0, 0, 0, -scale * (shape[axis] - 1) / 2];
    row[axis] = scale;
    return row;
  });
}
