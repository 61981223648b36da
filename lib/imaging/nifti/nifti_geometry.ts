/**
 * Where a scan's voxels lie, as nibabel reads a header.
 *
 * @module
 */
import { eachAxis } from "../each_axis.ts";
import { describeMatrix, type Vector3 } from "../matrix.ts";
import { NiftiError } from "./nifti_error.ts";
import type { NiftiHeader } from "./nifti_header.ts";
import { rotationOfQuaternion } from "./quaternion.ts";
import type { Affine } from "../volume.ts";

/**
 * The affine from voxel (i, j, k) to mm in RAS+: the sform if its code > 0, else the qform if its code > 0, else the
 * spacings with the origin at the grid's centre and x pointing left (the radiological order of Analyze).
 *
 * @throws NiftiError `geometry` when a number is not finite or the quaternion is none.
 */
export function affineOfHeader(header: NiftiHeader, path: string): Affine {
  const rows = header.sformCode > 0
    ? header.sform.map((row) => [...row])
    : header.qformCode > 0
    ? qform(header, path)
    : centred(header);
  if (!rows.flat().every(Number.isFinite)) {
    throw new NiftiError("geometry", `wanted a finite affine, found ${describeMatrix(rows)}`, { path });
  }
  return [...rows, [0, 0, 0, 1]];
}

function qform({ quaternion, qoffset, qfac, zooms, version }: NiftiHeader, path: string): number[][] {
  // Components are stored in single (NIfTI-1) or double precision; so far their squares may exceed 1.
  const rotation = rotationOfQuaternion(quaternion, {
    tolerance: version === 1 ? 3 * 2 ** -23 : 3 * 2 ** -52,
  });
  if (!rotation) {
    throw new NiftiError("geometry", `wanted b, c, d of a unit quaternion, found ${quaternion.join(", ")}`, {
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
