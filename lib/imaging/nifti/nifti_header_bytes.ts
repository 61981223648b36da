/**
 * NIfTI-1 headers as bytes.
 *
 * @module
 */
import { closestRotation, determinant3 } from "../matrix.ts";
import { datatypeCodeOf } from "./nifti_datatypes.ts";
import { affineOfHeader } from "./nifti_geometry.ts";
import type { NiftiHeader } from "./nifti_header.ts";
import { quaternionOfRotation, rotationOfQuaternion } from "./quaternion.ts";
import type { Affine, Volume } from "../volume.ts";

/** Bytes of a header with its four of "no extensions": voxels begin here. */
export const HEADER_BYTES = 352;

/** "Aligned to another scan": what is known of coordinates when nobody says more. */
const ALIGNED = 2;

const MILLIMETRES = 2;

/** What a header says of a grid's place. */
type Place = Pick<
  NiftiHeader,
  "zooms" | "qfac" | "qformCode" | "sformCode" | "quaternion" | "qoffset" | "sform"
>;

/**
 * The header of a single-file NIfTI-1 image, little-endian, unscaled, in mm.
 *
 * On the grid of `like` its qform, sform and codes are kept as they are. On another grid the sform is the affine, with
 * the sform's (else qform's) code of `like`; the qform is the same transform, unless that has shear, which no qform can
 * hold: then its code is 0.
 */
export function niftiHeaderBytes(
  volume: Volume,
  { like, path }: { like?: NiftiHeader | undefined; path: string },
): Uint8Array {
  const place = like && sameGrid(volume, { like, path }) ? like : placeOf(volume.affine, like);
  const view = new DataView(new ArrayBuffer(HEADER_BYTES));
  const int16 = (offset: number, ...values: number[]) =>
    values.forEach((value, index) => view.setInt16(offset + 2 * index, value, true));
  const float32 = (offset: number, ...values: number[]) =>
    values.forEach((value, index) => view.setFloat32(offset + 4 * index, value, true));
  const [depth, height, width] = volume.shape;
  view.setInt32(0, 348, true);
  int16(40, 3, width, height, depth, 1, 1, 1, 1);
  int16(70, datatypeCodeOf(volume.data), volume.data.BYTES_PER_ELEMENT * 8);
  float32(76, place.qfac, ...place.zooms.slice(0, 3), 1, 1, 1, 1);
  float32(108, HEADER_BYTES);
  float32(112, 1, 0); // scl_slope, scl_inter
  view.setUint8(123, MILLIMETRES);
  int16(252, place.qformCode, place.sformCode);
  float32(256, ...place.quaternion, ...place.qoffset);
  float32(280, ...place.sform.flat());
  [..."n+1"].forEach((letter, index) => view.setUint8(344 + index, letter.charCodeAt(0)));
  return new Uint8Array(view.buffer);
}

function sameGrid({ shape, affine }: Volume, { like, path }: { like: NiftiHeader; path: string }): boolean {
  return [...shape].reverse().every((size, axis) => size === like.shape[axis]) &&
    closeTo(affineOfHeader(like, path), affine);
}

function placeOf(affine: Affine, like?: NiftiHeader): Place {
  const code = like?.sformCode || like?.qformCode || ALIGNED;
  const zooms = [0, 1, 2].map((column) =>
    Math.hypot(affine[0][column], affine[1][column], affine[2][column])
  );
  // A quaternion turns but does not mirror: qfac mirrors the third axis where the affine does.
  const qfac = determinant3(affine) < 0 ? -1 : 1;
  const signs = [1, 1, qfac];
  const unit = affine.slice(0, 3).map((row) =>
    zooms.map((zoom, column) => row[column] / zoom * signs[column])
  );
  const quaternion = quaternionOfRotation(closestRotation(unit));
  const turned = rotationOfQuaternion(quaternion, { tolerance: 1e-12 })!;
  return {
    zooms,
    qfac,
    quaternion,
    qformCode: closeTo(turned, unit) ? code : 0,
    sformCode: code,
    qoffset: [affine[0][3], affine[1][3], affine[2][3]],
    sform: affine.slice(0, 3),
  };
}

/** Up to what single precision, in which headers keep them, and six printed decimals do to directions and positions. */
function closeTo(a: number[][], b: number[][]): boolean {
  return a.every((row, i) =>
    row.every((value, j) => Math.abs(value - b[i][j]) <= 1e-5 * Math.max(1, Math.abs(value)))
  );
}
