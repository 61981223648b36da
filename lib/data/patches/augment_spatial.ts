/**
 * Rotation, scaling and elastic deformation of a patch, as ONE resampling of a slightly larger crop.
 *
 * @module
 */
import type { Spacing } from "../../imaging/volume.ts";
import type { Augmentation } from "./augment_options.ts";
import { type ElasticField, elasticRows } from "./elastic_field.ts";
import { AXES, eachAxis } from "../../imaging/each_axis.ts";
import { chance, type RandomGenerator, uniform } from "../random.ts";
import type { Region } from "../region.ts";

/** Row-major 3×3 over [z, y, x]: from a voxel's offset to the patch's centre, to where it is read from. */
export type Matrix3 = readonly [number, number, number, number, number, number, number, number, number];

/**
 * Draws a rotation and a scaling; undefined when neither happens.
 *
 * A rotation is one of the body, so it is drawn in mm: with R the rotation, f the scaling factor and
 * D = diag(spacing), a voxel offset o is read from D⁻¹·Rᵀ·D·o / f. R = Rz·Ry·Rx; what is returned has Rᵀ's angles drawn
 * directly, since they are symmetric about zero.
 */
export function drawSpatialTransform(
  random: RandomGenerator,
  { augmentation, spacing }: { augmentation: Augmentation; spacing: Spacing },
): Matrix3 | undefined {
  const rotates = chance(random, augmentation.rotation);
  const scales = chance(random, augmentation.scale);
  if (!rotates && !scales) return undefined;
  const radians = (range: readonly [number, number]) => rotates ? uniform(random, range) * Math.PI / 180 : 0;
  const [a, b, c] = [
    radians(augmentation.axialDegrees),
    radians(augmentation.tiltDegrees),
    radians(augmentation.tiltDegrees),
  ];
  const factor = scales ? uniform(random, augmentation.scaleFactors) : 1;
  const [ca, sa, cb, sb, cc, sc] = [
    Math.cos(a),
    Math.sin(a),
    Math.cos(b),
    Math.sin(b),
    Math.cos(c),
    Math.sin(c),
  ];
  // Rz(a)·Ry(b)·Rx(c) with rows and columns in the order z, y, x.
  const rotation = [
    [cb * cc, cb * sc, -sb],
    [sa * sb * cc - ca * sc, sa * sb * sc + ca * cc, sa * cb],
    [ca * sb * cc + sa * sc, ca * sb * sc - sa * cc, ca * cb],
  ];
  return rotation.flatMap((row, to) =>
    row.map((value, from) => value * spacing[from]! / spacing[to]! / factor)
  ) as unknown as Matrix3;
}

/** Nothing is turned or scaled. */
export const IDENTITY: Matrix3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];

export interface SourceOptions {
  /** What is added to where the transform says. @default nothing */
  field?: ElasticField | undefined;
}

/** A box that holds every voxel the transformed patch is read from: without a field, the smallest one. */
export function sourceRegion(patch: Region, transform: Matrix3, { field }: SourceOptions = {}): Region {
  const [z, y, x] = eachAxis((axis) => {
    const centre = patch.start[axis] + (patch.shape[axis] - 1) / 2;
    // The farthest corner along this axis, and what the field adds; a linear map takes a box's extremes at its corners.
    let reach = field?.reach[axis] ?? 0;
    for (const from of AXES) {
      reach += Math.abs(transform[3 * axis + from]!) * (patch.shape[from] - 1) / 2;
    }
    // The margin covers rounding in the running sums below; one more voxel is the upper neighbour of the
    // trilinear interpolation.
    const first = Math.floor(centre - reach - 1e-3);
    return { first, length: Math.floor(centre + reach + 1e-3) + 2 - first };
  });
  return { start: [z.first, y.first, x.first], shape: [z.length, y.length, x.length] };
}

/**
 * Resamples a crop: the image trilinearly, label codes by the nearest voxel (codes have no mean). What the crop
 * holds outside of the scan is IGNORED already and stays so.
 *
 * @param source image and labels, [depth, height, width] of `region`
 * @param region what was read: `sourceRegion(patch, transform, { field })`
 * @returns image and labels, [depth, height, width] of `patch`
 */
export function applySpatialTransform(
  source: { image: Float32Array; labels: Uint8Array },
  transform: Matrix3,
  { patch, region, field }: SourceOptions & { patch: Region; region: Region },
): { image: Float32Array<ArrayBuffer>; labels: Uint8Array<ArrayBuffer> } {
  const [depth, height, width] = patch.shape;
  const [, sourceHeight, sourceWidth] = region.shape;
  const plane = sourceHeight * sourceWidth;
  const image = new Float32Array(depth * height * width);
  const labels = new Uint8Array(image.length);
  const centre = eachAxis((axis) => (patch.shape[axis] - 1) / 2);
  const offset = eachAxis((axis) => patch.start[axis] + centre[axis] - region.start[axis]);
  const [zz, zy, zx, yz, yy, yx, xz, xy, xx] = transform;
  const none = new Float64Array(3 * width), shiftsOf = field ? elasticRows(field) : () => none;
  let out = 0;
  for (let i = 0; i < depth; i++) {
    const dz = i - centre[0];
    for (let j = 0; j < height; j++) {
      const dy = j - centre[1];
      let z = offset[0] + zz * dz + zy * dy - zx * centre[2];
      let y = offset[1] + yz * dz + yy * dy - yx * centre[2];
      let x = offset[2] + xz * dz + xy * dy - xx * centre[2];
      const shifts = shiftsOf(i, j);
      for (let k = 0; k < width; k++, out++, z += zx, y += yx, x += xx) {
        const atZ = z + shifts[3 * k]!, atY = y + shifts[3 * k + 1]!, atX = x + shifts[3 * k + 2]!;
        const z0 = Math.floor(atZ), y0 = Math.floor(atY), x0 = Math.floor(atX);
        const fz = atZ - z0, fy = atY - y0, fx = atX - x0;
        const at = z0 * plane + y0 * sourceWidth + x0;
        const v00 = alongX(source.image, at, fx);
        const v01 = alongX(source.image, at + sourceWidth, fx);
        const v10 = alongX(source.image, at + plane, fx);
        const v11 = alongX(source.image, at + plane + sourceWidth, fx);
        const low = v00 + fy * (v01 - v00);
        image[out] = low + fz * (v10 + fy * (v11 - v10) - low);
        const nearest = at + (fz >= 0.5 ? plane : 0) + (fy >= 0.5 ? sourceWidth : 0) + (fx >= 0.5 ? 1 : 0);
        labels[out] = source.labels[nearest]!;
      }
    }
  }
  return { image, labels };
}

/** Between a voxel and the next one along x. */
function alongX(image: Float32Array, at: number, share: number): number {
  const value = image[at]!;
  return value + share * (image[at + 1]! - value);
}
