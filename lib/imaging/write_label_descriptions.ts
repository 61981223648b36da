/**
 * Names and colours of labels for the viewers that open a label map.
 *
 * @module
 */
import { writeWholeFile } from "../files/whole_file.ts";

export interface LabelDescription {
  /** The label map's value, 1…255. */
  number: number;
  name: string;
}

export interface LabelDescriptionOptions {
  /**
   * [red, green, blue] of a label, 0…255.
   * @default hues that are a golden angle apart
   */
  colourOf?: (number: number) => [number, number, number];
}

/**
 * Writes `organs.label.txt` (ITK-SNAP: Segmentation > Import Label Descriptions) and `organs.ctbl` (3D Slicer: Add Data,
 * as a color table) into an existing folder.
 */
export async function writeLabelDescriptions(
  folder: string,
  organs: readonly LabelDescription[],
  { colourOf = goldenAngleColour }: LabelDescriptionOptions = {},
): Promise<void> {
  const rows = organs.map(({ number, name }) => ({ number, name, colour: colourOf(number) }));
  const snap = [
    "################################################",
    "# ITK-SnAP Label Description File",
    "# File format:",
    "# IDX   -R-  -G-  -B-  -A--  VIS MSH  LABEL",
    "################################################",
    snapLine(0, [0, 0, 0], { shown: false, name: "Clear Label" }),
    ...rows.map(({ number, name, colour }) => snapLine(number, colour, { shown: true, name })),
  ];
  const slicer = [
    "# Color table file organs.ctbl",
    `# ${rows.length + 1} values`,
    "0 background 0 0 0 0",
    // Slicer separates columns by spaces.
    ...rows.map(({ number, name, colour }) =>
      `${number} ${name.replaceAll(/\s+/g, "_")} ${colour.join(" ")} 255`
    ),
  ];
  await writeWholeFile(`${folder}/organs.label.txt`, snap.join("\n") + "\n");
  await writeWholeFile(`${folder}/organs.ctbl`, slicer.join("\n") + "\n");
}

function snapLine(
  number: number,
  colour: [number, number, number],
  { shown, name }: { shown: boolean; name: string },
): string {
  const on = shown ? 1 : 0;
  const columns = [number, ...colour].map((value) => String(value).padStart(5)).join("");
  return `${columns}        ${on}  ${on}  ${on}    "${name.replaceAll('"', "'")}"`;
}

/** Hue by the golden angle, saturation 0.75, value 1 (CSS Color 4's `hsv` by one channel formula). */
function goldenAngleColour(number: number): [number, number, number] {
  const hue = (number * 137.508) % 360;
  return [5, 3, 1].map((n) => {
    const k = (n + hue / 60) % 6;
    return Math.round(255 * (1 - 0.75 * Math.max(0, Math.min(k, 4 - k, 1))));
  }) as [number, number, number];
}
