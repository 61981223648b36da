/**
 * Rotations as NIfTI's qform stores them: b, c, d of a unit quaternion a + bi + cj + dk with a ≥ 0.
 *
 * @module
 */

import { AXES } from "../each_axis.ts";
import { FOLLOWING, type Matrix3, type Vector3 } from "../matrix.ts";

/**
 * The 3×3 rotation of a quaternion (nifti1.h, "QUATERNION REPRESENTATION OF ROTATION MATRIX"); none when b² + c² + d²
 * exceeds 1 by far more than rounding.
 */
export function rotationOfQuaternion(
  [b, c, d]: Vector3,
  { tolerance }: { tolerance: number },
): Matrix3 | undefined {
  const a2 = 1 - (b * b + c * c + d * d);
  // Beyond the storage's own rounding nibabel gives up; the reference library normalises. Values that passed through
  // single precision more than once are a little longer than 1, so the second, up to where it hides nonsense.
  if (!(a2 > -1e-4)) return undefined;
  if (a2 < -tolerance) {
    const length = Math.hypot(b, c, d);
    return matrix(0, b / length, c / length, d / length);
  }
  return matrix(Math.abs(a2) < tolerance ? 0 : Math.sqrt(a2), b, c, d);
}

type Quaternion = [a: number, b: number, c: number, d: number];

/** The quaternion is normalised once more: a, b, c, d as stored have length 1 only up to rounding. */
function matrix(...quaternion: Quaternion): Matrix3 {
  const [a, b, c, d] = quaternion;
  const s = 2 / (a * a + b * b + c * c + d * d);
  return [
    [1 - s * (c * c + d * d), s * (b * c - a * d), s * (b * d + a * c)],
    [s * (b * c + a * d), 1 - s * (b * b + d * d), s * (c * d - a * b)],
    [s * (b * d - a * c), s * (c * d + a * b), 1 - s * (b * b + c * c)],
  ];
}

/**
 * b, c, d of a rotation matrix, by the largest of its four squared components (Shepperd 1978), so that nothing is
 * divided by a small number.
 */
export function quaternionOfRotation(r: Matrix3): [b: number, c: number, d: number] {
  const trace = r[0][0] + r[1][1] + r[2][2];
  const largest = Math.max(trace, r[0][0], r[1][1], r[2][2]);
  const i = trace === largest ? undefined : AXES.find((axis) => r[axis][axis] === largest);
  let q: Quaternion;
  if (i === undefined) {
    q = [1 + trace, r[2][1] - r[1][2], r[0][2] - r[2][0], r[1][0] - r[0][1]];
  } else {
    const [j, k] = FOLLOWING[i];
    q = [r[k][j] - r[j][k], 0, 0, 0];
    q[1 + i] = 1 + r[i][i] - r[j][j] - r[k][k];
    q[1 + j] = r[j][i] + r[i][j];
    q[1 + k] = r[k][i] + r[i][k];
  }
  const length = Math.hypot(...q) * (q[0] < 0 ? -1 : 1);
  return [q[1] / length, q[2] / length, q[3] / length];
}
