/**
 * pseudo_labels.csv: what became of each organ that was missing in a training case.
 *
 * @module
 */
import { readCsv, toCsv } from "../../files/csv_file.ts";

/** One row of pseudo_labels.csv. */
export interface PseudoLabelRow {
  case: string;
  dataset: string;
  organ: string;
  kept: boolean;
  /** The filter that dropped the organ; empty when it was kept. */
  filter: string;
  /** All filters that objected to it, each as if it were alone; files of earlier runs don't say. */
  objections?: string[];
  /** Voxels of the pseudo label in the training grid. */
  voxels: number;
  /** Mean probability of the organ over its voxels, 0…1; NaN without voxels. */
  confidence: number;
  /** Dice with the hidden truth; NaN when nobody annotated the organ. */
  dice: number;
}

const columns = ["case", "dataset", "organ", "kept", "filter", "voxels", "confidence", "dice"] as const;

export function pseudoLabelsToCsv(rows: readonly PseudoLabelRow[]): string {
  const said = rows.some(({ objections }) => objections);
  return toCsv(
    rows.map(({ objections, ...row }) => ({ ...row, ...objections && { objections: objections.join(" ") } })),
    [...columns, ...said ? ["objections"] : []],
  );
}

export async function readPseudoLabelsFile(path: string): Promise<PseudoLabelRow[]> {
  return (await readCsv(path, columns)).map((row) => ({
    case: row.text("case"),
    dataset: row.text("dataset"),
    organ: row.text("organ"),
    kept: row.truth("kept"),
    filter: row.cells.filter,
    voxels: row.number("voxels"),
    confidence: row.number("confidence"),
    dice: row.number("dice"),
    ...row.cells.objections !== undefined && { objections: row.cells.objections.split(" ").filter(Boolean) },
  }));
}
