/**
 * How near classes of different datasets lie in a network's features.
 *
 * @module
 */
import type { ClassRelation } from "../../losses/class_relation.ts";
import type { Figure } from "../figure.ts";
import { matrixPanels } from "../matrix_panels.ts";

export interface RelationMatrixOptions {
  /** The study's organs, in their order. */
  organs: readonly string[];
}

/**
 * A panel a dataset: at its labelled organ, a row, the mean cosine of each of the study's classes, a column (METHOD section 8).
 *
 * @example
 * ```ts
 * import { relationMatrix, show } from "consilium/plots";
 *
 * const relations = [{ dataset: "A", organ: 1, cosines: [0.9, 0.2] }, { dataset: "B", organ: 2, cosines: [0.1, 0.8] }];
 * await show(relationMatrix(relations, { organs: ["Liver", "Spleen"] }));
 * ```
 */
export function relationMatrix(
  relations: readonly ClassRelation[],
  { organs }: RelationMatrixOptions,
): Figure {
  const datasets = [...Map.groupBy(relations, ({ dataset }) => dataset)];
  const labelled = [...new Set(relations.map(({ organ }) => organ))].sort((a, b) => a - b);
  const panels = datasets.map(([name, own]) => ({
    name,
    values: labelled.map((organ) => own.find((one) => one.organ === organ)?.cosines ?? organs.map(() => NaN)),
  }));
  return matrixPanels(panels, {
    title: "Which classes are near where an organ is labelled",
    notes: [
      "Mean cosine of a class (column) over the training voxels of a dataset that are labelled as an organ (row).",
      "What exceeds the threshold teaches the class, too.",
    ],
    rows: labelled.map((organ) => organs[organ - 1]!),
    columns: organs,
    range: [-1, 1],
    text: (value) => Number.isNaN(value) ? "–" : value.toFixed(2),
  });
}
