/**
 * Points of the world on the grid of a stack.
 *
 * @module
 */
import type { Vector3 } from "../imaging/matrix.ts";
import type { GridPoint } from "./label_structure.ts";
import { dot, minus, type Stack } from "./stack.ts";

/** A function from a point, mm in LPS+, to its place in voxels. */
export function placeOn({ frames, normal, step }: Stack): (point: Vector3) => GridPoint {
  const { position, alongRow, alongColumn, spacing: [betweenRows, betweenColumns] } = frames[0]!;
  const gap = dot(step, normal);
  return (point) => {
    const offset = minus(point, position);
    return [
      dot(offset, alongRow) / betweenColumns,
      dot(offset, alongColumn) / betweenRows,
      dot(offset, normal) / gap,
    ];
  };
}
