/**
 * How near classes lie by the vectors that stand for them.
 *
 * @module
 */
import type { OrganVectors } from "../../data/organ_vectors.ts";
import type { Figure } from "../figure.ts";
import { matrixPanels } from "../matrix_panels.ts";

export interface VectorMatrixOptions {
  /** The study's organs, in their order. */
  organs: readonly string[];
}

/**
 * The cosine of each class's vector with each other's, background first (METHOD section 9); an organ without a vector has none.
 *
 * @example
 * ```ts
 * import { show, vectorMatrix } from "consilium/plots";
 *
 * const vectors = { background: [0, 1], organs: [[1, 0], [0.8, 0.6]] };
 * await show(vectorMatrix(vectors, { organs: ["Liver", "Hepar"] }));
 * ```
 */
export function vectorMatrix(
  { background, organs: vectors }: Pick<OrganVectors, "background" | "organs">,
  { organs }: VectorMatrixOptions,
): Figure {
  const all = [background, ...vectors], names = ["background", ...organs];
  return matrixPanels([{ name: "cosine", values: all.map((a) => all.map((b) => cosine(a, b))) }], {
    title: "How near the classes' names are",
    notes: ["Cosine of the vectors that stand for two classes."],
    rows: names,
    columns: names,
    range: [0, 1],
    text: (value) => Number.isNaN(value) ? "–" : value.toFixed(2),
  });
}

function cosine(a: readonly number[] | undefined, b: readonly number[] | undefined): number {
  if (!a || !b) return NaN;
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0) / (Math.hypot(...a) * Math.hypot(...b));
}
