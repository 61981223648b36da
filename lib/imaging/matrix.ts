/**
 * The few 3×3 and 4×4 operations that geometry needs.
 *
 * @module
 */
import { type Axis, eachAxis } from "./each_axis.ts";

/** Row-major 4×4, from the voxel (x, y, z, 1) to mm in RAS+: x to the right, y to the front, z to the head. */
export type Affine = number[][];

export type Vector3 = [x: number, y: number, z: number];

/** Row-major. */
export type Matrix3 = [Vector3, Vector3, Vector3];

/** Row-major, as an affine. */
export type Matrix4 = [Row, Row, Row, Row];

type Row = [x: number, y: number, z: number, shift: number];

/** The two axes that come after each, cyclically. */
export const FOLLOWING = [[1, 2], [2, 0], [0, 1]] as const;

/** For messages: JSON would write NaN as null. */
export function describeMatrix(m: readonly (readonly number[])[]): string {
  return `[${m.map((row) => `[${row.join(", ")}]`).join(", ")}]`;
}

/** One value a row and column. */
export function matrix3(make: (row: Axis, column: Axis) => number): Matrix3 {
  return eachAxis((row) => eachAxis((column) => make(row, column)));
}

/** An affine without its shift: its upper left 3×3 block. */
export function linearPart(affine: Affine): Matrix3 {
  return matrix3((row, column) => affine[row]![column]!);
}

/** Of a volume's affine these are its voxels' sizes. */
export function columnLengths(m: Matrix3): Vector3 {
  return eachAxis((column) => Math.hypot(m[0][column], m[1][column], m[2][column]));
}

export function determinant3(m: Matrix3): number {
  return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) -
    m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
    m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
}

/**
 * Whether the columns span space, however long they are: a determinant near 0 of columns of unit length is rounding's, and says nothing.
 */
export function isInvertible(m: Matrix3): boolean {
  const lengths = columnLengths(m);
  return Math.abs(determinant3(matrix3((row, column) => m[row][column] / lengths[column]))) > 1e-12;
}

/** Transposed inverse: the cofactors over the determinant. */
export function inverseTransposed3(m: Matrix3): Matrix3 {
  const determinant = determinant3(m);
  return matrix3((row, column) => {
    // Rows and columns taken cyclically carry the cofactor's sign.
    const [r1, r2] = FOLLOWING[row], [c1, c2] = FOLLOWING[column];
    return (m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1]) / determinant;
  });
}

/** The product of two affines: first `b`, then `a`. */
export function composeAffines(a: Affine, b: Affine): Affine {
  return a.map((row) =>
    [0, 1, 2, 3].map((column) => row.reduce((sum, value, k) => sum + value * b[k]![column]!, 0))
  );
}

/**
 * The rotation (or rotoinversion) closest to a 3×3 matrix with unit columns: its polar factor, by Newton's iteration
 * X ← (ζX + X⁻ᵀ/ζ)/2 with ζ = |det X|^(-1/3) (Higham 1986), which converges quadratically and needs no SVD.
 *
 * @param m Invertible.
 */
export function closestRotation(m: Matrix3): Matrix3 {
  let x = m;
  for (let iteration = 0; iteration < 100; iteration++) {
    const inverse = inverseTransposed3(x);
    const zeta = Math.abs(determinant3(x)) ** (-1 / 3);
    const next = matrix3((i, j) => (zeta * x[i][j] + inverse[i][j] / zeta) / 2);
    const change = Math.max(...matrix3((i, j) => Math.abs(next[i][j] - x[i][j])).flat());
    x = next;
    if (change < 1e-15) break;
  }
  return x;
}
