/**
 * NIfTI-1 headers as bytes.
 *
 * @module
 */
import { eachAxis } from "../each_axis.ts";
import {
  closestRotation,
  columnLengths,
  describeMatrix,
  determinant3,
  linearPart,
  matrix3,
  type Vector3,
} from "../matrix.ts";
import { datatypeCodeOf } from "./nifti_datatypes.ts";
import { ScanError } from "../scan_error.ts";
import { geometryOfHeader } from "./nifti_geometry.ts";
import type { NiftiHeader } from "./nifti_header.ts";
import { quaternionOfRotation, rotationOfQuaternion } from "./quaternion.ts";
import type { Affine, Volume } from "../volume.ts";

/** Bytes of a header with its four of "no extensions": voxels begin here. */
export const HEADER_BYTES = 352;

/** "Aligned to another scan": what is known of coordinates when nobody says more. */
const ALIGNED = 2;

const MILLIMETRES = 2;

/** Those of length among the bits of units. */
const LENGTH = 7;

/** What a header says of a grid's place. */
interface Place
  extends
    Pick<NiftiHeader, "units" | "qfac" | "qformCode" | "sformCode" | "quaternion" | "qoffset" | "sform"> {
  /** Of the three spatial axes, in the header's unit. */
  zooms: Vector3;
}

export interface HeaderOptions {
  /** Header of the scan whose place in the world is kept. */
  like?: NiftiHeader | undefined;
  /** Named in errors. */
  path: string;
}

/**
 * The header of a single-file NIfTI-1 image, little-endian, unscaled.
 *
 * On the grid of `like` its qform, sform, codes and unit of length are kept as they are. On another grid, in mm, the sform is the affine, with
 * the sform's (else qform's) code of `like`; the qform is the same transform, unless that has shear, which no qform can
 * hold: then its code is 0.
 *
 * @throws ScanError `unwritable` when the affine of another grid is not invertible
 */
export function niftiHeaderBytes(volume: Volume, { like, path }: HeaderOptions): Uint8Array {
  const place = like && sameGrid(volume, { like, path })
    ? keptPlace(like)
    : placeOf(volume.affine, { like, path });
  const view = new DataView(new ArrayBuffer(HEADER_BYTES));
  const int16 = (offset: number, ...values: number[]) =>
    values.forEach((value, index) => view.setInt16(offset + 2 * index, value, true));
  const float32 = (offset: number, ...values: number[]) =>
    values.forEach((value, index) => view.setFloat32(offset + 4 * index, value, true));
  const [depth, height, width] = volume.shape;
  view.setInt32(0, 348, true);
  int16(40, 3, width, height, depth, 1, 1, 1, 1);
  int16(70, datatypeCodeOf(volume.data), volume.data.BYTES_PER_ELEMENT * 8);
  float32(76, place.qfac, ...place.zooms, 1, 1, 1, 1);
  float32(108, HEADER_BYTES);
  float32(112, 1, 0); // scl_slope, scl_inter
  view.setUint8(123, place.units & LENGTH);
  int16(252, place.qformCode, place.sformCode);
  float32(256, ...place.quaternion, ...place.qoffset);
  float32(280, ...place.sform.flat());
  [..."n+1"].forEach((letter, index) => view.setUint8(344 + index, letter.charCodeAt(0)));
  return new Uint8Array(view.buffer);
}

/** A scan's own. Lengths that it lacks are its sform's: what is written where they were zero would be taken for true. */
function keptPlace(like: NiftiHeader): Place {
  const { zooms: [x, y, z], hasZooms, sformCode } = like;
  return { ...like, zooms: hasZooms || sformCode === 0 ? [x, y, z] : columnLengths(linearPart(like.sform)) };
}

function sameGrid({ shape, affine }: Volume, { like, path }: { like: NiftiHeader; path: string }): boolean {
  return [...shape].reverse().every((size, axis) => size === like.shape[axis]) &&
    closeTo(geometryOfHeader(like, path).affine, affine);
}

function placeOf(affine: Affine, { like, path }: HeaderOptions): Place {
  const code = like?.sformCode || like?.qformCode || ALIGNED;
  const linear = linearPart(affine);
  const determinant = determinant3(linear);
  // No quaternion turns to axes that are none, and nobody could read the volume back.
  if (!(Math.abs(determinant) > 0)) {
    const problem = `wanted an invertible affine, found ${describeMatrix(affine)}`;
    throw new ScanError("unwritable", problem, { path, action: "write scan" });
  }
  const zooms = columnLengths(linear);
  // A quaternion turns but does not mirror: qfac mirrors the third axis where the affine does.
  const qfac = determinant < 0 ? -1 : 1;
  const signs: Vector3 = [1, 1, qfac];
  const unit = matrix3((row, column) => linear[row][column] / zooms[column] * signs[column]);
  const quaternion = quaternionOfRotation(closestRotation(unit));
  const turned = rotationOfQuaternion(quaternion, { tolerance: 1e-12 })!;
  return {
    zooms,
    units: MILLIMETRES,
    qfac,
    quaternion,
    qformCode: closeTo(turned, unit) ? code : 0,
    sformCode: code,
    qoffset: eachAxis((row) => affine[row]![3]!),
    sform: affine.slice(0, 3),
  };
}

/** Up to what single precision, in which headers keep them, and six printed decimals do to directions and positions. */
function closeTo(a: number[][], b: number[][]): boolean {
  return a.every((row, i) =>
    row.every((value, j) => Math.abs(value - b[i]![j]!) <= 1e-5 * Math.max(1, Math.abs(value)))
  );
}
