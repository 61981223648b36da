/**
 * The few 3×3 and 4×4 operations that geometry needs.
 *
 * @module
 */
import type { Affine } from "./volume.ts";

type Matrix = readonly (readonly number[])[];

/** For messages: JSON would write NaN as null. */
export function describeMatrix(m: Matrix): string {
  return `[${m.map((row) => `[${row.join(", ")}]`).join(", ")}]`;
}

/** Determinant of the upper left 3×3 block. */
export function determinant3(m: Matrix): number {
  return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) -
    m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
    m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
}

/** Transposed inverse of the upper left 3×3 block: its cofactors over its determinant. */
export function inverseTransposed3(m: Matrix): number[][] {
  const determinant = determinant3(m);
  return [0, 1, 2].map((row) =>
    [0, 1, 2].map((column) => {
      // Rows and columns taken cyclically carry the cofactor's sign.
      const [r1, r2, c1, c2] = [(row + 1) % 3, (row + 2) % 3, (column + 1) % 3, (column + 2) % 3];
      return (m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1]) / determinant;
    })
  );
}

/** The product of two affines: first `b`, then `a`. */
export function composeAffines(a: Affine, b: Affine): Affine {
  return a.map((row) =>
    [0, 1, 2, 3].map((column) => row.reduce((sum, value, k) => sum + value * b[k][column], 0))
  );
}

/**
 * The rotation (or rotoinversion) closest to a 3×3 matrix with unit columns: its polar factor, by Newton's iteration
 * X ← (ζX + X⁻ᵀ/ζ)/2 with ζ = |det X|^(-1/3) (Higham 1986), which converges quadratically and needs no SVD.
 *
 * @param m Invertible.
 */
export function closestRotation(m: Matrix): number[][] {
  let x = m.map((row) => [...row]);
  for (let iteration = 0; iteration < 100; iteration++) {
    const inverse = inverseTransposed3(x);
    const zeta = Math.abs(determinant3(x)) ** (-1 / 3);
    const next = x.map((row, i) => row.map((value, j) => (zeta * value + inverse[i][j] / zeta) / 2));
    const change = Math.max(...next.flatMap((row, i) => row.map((value, j) => Math.abs(value - x[i][j]))));
    x = next;
    if (change < 1e-15) break;
  }
  return x;
}
