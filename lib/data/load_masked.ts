/**
 * A case's label map as everything but its file has it.
 *
 * @module
 */
import type { Scan } from "../imaging/load_scan.ts";
import { loadLabelMap, requireDeclared } from "./datasets/label_map.ts";
import { type Mask, maskLabels } from "./mask_labels.ts";

/** Where a case's label map lies, and how it is read. */
export interface MaskedFile extends Mask {
  /** Path of the label map. */
  label: string;
  /** All values that its dataset declares, of organs and of what is not annotated. */
  declared: readonly number[];
}

/**
 * Reads a label map and hides what the case does not show (see maskLabels).
 *
 * @throws Error as loadLabelMap; when it has values that its dataset does not declare
 */
export async function loadMasked(one: MaskedFile): Promise<Scan<Uint8Array<ArrayBuffer>>> {
  const map = await loadLabelMap(one.label);
  requireDeclared(map, one.declared);
  return { ...map, data: maskLabels(map.data, one) };
}
