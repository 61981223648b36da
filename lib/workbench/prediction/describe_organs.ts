/**
 * Names and colours of organs beside predictions.
 *
 * @module
 */
import { type LabelDescription, writeLabelDescriptions } from "../../imaging/write_label_descriptions.ts";
import { organColour, rgb } from "../../plots/palette.ts";

/** Writes the label description files of ITK-SNAP and 3D Slicer, in the colours of the figures. */
export function describeOrgans(folder: string, organs: readonly LabelDescription[]): Promise<void> {
  return writeLabelDescriptions(folder, organs, { colourOf: (number) => rgb(organColour(number)) });
}
