/**
 * Which series a label object is about.
 *
 * @module
 */
import { DicomError } from "./dicom_error.ts";
import type { LabelContent } from "./label_structure.ts";
import type { LabelObject, Series } from "./series.ts";

/**
 * The series that an object names, by itself or by its slices; of an object that names none, the only one in its coordinates.
 *
 * @throws DicomError where there is none, where there are several, and where the coordinates are others
 */
export function matchSeries(
  { path, patient, kind }: Pick<LabelObject, "path" | "patient" | "kind">,
  content: LabelContent,
  series: readonly Series[],
): Series {
  const own = series.filter((one) => one.patient.id === patient.id);
  const named = own.filter(({ uid, instances }) =>
    content.series.includes(uid) || content.instances.some((instance) => instances.has(instance))
  );
  const names = content.series.length + content.instances.length > 0;
  const frames = [...new Set(content.framesOfReference)];
  if (frames.length > 1) {
    throw new DicomError(`a ${kind} must have one frame of reference, it has ${frames.join(", ")}`, path);
  }
  const [frame] = frames;
  const found = names ? named : own.filter(({ frameOfReference }) => frameOfReference === frame);
  const [one, another] = found;
  if (!one) {
    const wanted = names
      ? `the series that a ${kind} names must be there, ${content.series[0] ?? "that of its slices"} is not`
      : `a series must have the frame of reference of a ${kind}, none has ${frame ?? "any"}`;
    throw new DicomError(`${wanted}, among ${own.length} of the patient`, path);
  }
  if (another) {
    throw new DicomError(
      `a ${kind} must be of one series, it is of ${found.length}${
        names ? "" : " by its frame of reference"
      }: ${found.map(({ uid }) => uid).join(", ")}`,
      path,
    );
  }
  if (frame !== undefined && frame !== one.frameOfReference) {
    throw new DicomError(
      `a ${kind} must have its series' frame of reference, ${
        one.frameOfReference || "none"
      }, it has ${frame}`,
      path,
    );
  }
  return one;
}
