/**
 * A label map on a DICOM series as a SEG object, for a PACS or a viewer.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { countLabels, loadLabelMap } from "../../data/datasets/label_map.ts";
import { laidOn } from "../../data/datasets/same_grid.ts";
import { readDicom } from "../../dicom/dicom_object.ts";
import { type Segment, segmentationBytes, type SegmentationOptions } from "../../dicom/segmentation_bytes.ts";
import { scanDicomFolder } from "../../dicom/series.ts";
import { type Stack, stackOf } from "../../dicom/stack.ts";
import { readTextIfThere, writeWholeFile } from "../../files/whole_file.ts";

export interface DicomSegOptions {
  /** Folder of the series. */
  dicom: string;
  /** File of the object. */
  out: string;
  software: SegmentationOptions["software"];
}

/**
 * Writes a label map as SEG, of the series on whose grid it lies, with the names of `organs.label.txt` beside it.
 *
 * @returns the organs that it has
 * @throws Error when no series of the folder has the map's grid, or values have no names
 */
export async function exportDicomSeg(
  path: string,
  { dicom, out, software }: DicomSegOptions,
): Promise<string[]> {
  const fail = (problem: string, file: string) => new Error(`Cannot export DICOM SEG: ${problem} (${file})`);
  const map = await loadLabelMap(path), names = await segmentNames(path);
  const values = [...countLabels(map.data).counts.keys()].filter((value) => value !== 0).sort((a, b) =>
    a - b
  );
  if (values.length === 0) throw fail("the label map must have an organ, all voxels are 0", path);
  const nameless = values.filter((value) => !names.has(value));
  if (nameless.length > 0) {
    throw fail(
      `values must have names in organs.label.txt beside the label map, there are none of ${
        nameless.join(", ")
      }`,
      path,
    );
  }
  const { series, problems } = await scanDicomFolder([dicom]);
  const reasons = [...problems];
  for (const { frames } of series) {
    try {
      const stack = stackOf(frames), { data } = laidOn(stack, map, { name: "the label map" });
      const segments = values.map((value): Segment => ({ value, name: names.get(value)! }));
      await writeWholeFile(out, await bytesOf(data, { stack, segments, software }), { mode: 0o600 });
      return segments.map(({ name }) => name);
    } catch (error) {
      reasons.push((error as Error).message);
    }
  }
  const why = reasons.map((reason) => `\n  - ${reason}`).join("");
  throw fail(`a series must have the label map's grid, of ${series.length} there is none`, dicom + why);
}

async function bytesOf(
  labels: ArrayLike<number>,
  { stack, ...options }: { stack: Stack; segments: Segment[]; software: SegmentationOptions["software"] },
): Promise<Uint8Array<ArrayBuffer>> {
  const { fields: source } = await readDicom(stack.frames[0]!.path);
  return segmentationBytes(labels, stack, { ...options, source });
}

/** Value → name, as ITK-SNAP's label descriptions have them. */
async function segmentNames(map: string): Promise<Map<number, string>> {
  const text = await readTextIfThere(join(dirname(map), "organs.label.txt")) ?? "";
  const rows = text.matchAll(/^\s*(\d+)(?:\s+[\d.]+){6}\s+"(.*)"\s*$/gm);
  return new Map([...rows].map(([, value, name]) => [Number(value), name!]));
}
