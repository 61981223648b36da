/**
 * RTSTRUCT: organs as outlines on slices.
 *
 * @module
 */
import type { Vector3 } from "../imaging/matrix.ts";
import { DicomError } from "./dicom_error.ts";
import type { DicomFields } from "./dicom_fields.ts";
import type { DicomObject } from "./dicom_object.ts";
import { cross, fillOutlines, type Outline } from "./fill_contours.ts";
import type { DrawnStructure, LabelContent } from "./label_structure.ts";
import type { Stack } from "./stack.ts";
import { placeOn } from "./stack_place.ts";

/** Of the distance between slices: so far from a slice's plane a corner may lie. */
const OFF_PLANE = 0.1;

/** Outlines that close; the second kind says itself that those within each other are holes. */
const CLOSED = ["CLOSED_PLANAR", "CLOSED_PLANAR_XOR"];

/** Points and lines, such as an isocentre, have no inside. */
const WITHOUT_INSIDE = ["POINT", "OPEN_PLANAR", "OPEN_NONPLANAR"];

/** @throws DicomError of an object that contradicts itself */
export function structureSetContent({ fields, path }: DicomObject): LabelContent {
  const outlined = new Map(
    fields.items("ROIContourSequence").map((item) => [item.wantedNumber("ReferencedROINumber"), item]),
  );
  const content: LabelContent = {
    structures: [],
    leftOut: [],
    framesOfReference: [],
    ...referencesOf(fields),
  };
  for (const roi of fields.items("StructureSetROISequence")) {
    const name = roi.text("ROIName") ?? `ROI ${roi.wantedNumber("ROINumber")}`;
    const contours = outlined.get(roi.wantedNumber("ROINumber"))?.items("ContourSequence") ?? [];
    const closed = contours.filter((contour) => CLOSED.includes(contour.text("ContourGeometricType") ?? ""));
    if (closed.length === 0) {
      const kinds = [...new Set(contours.map((contour) => contour.text("ContourGeometricType")))].join(", ");
      content.leftOut.push(
        `${name} (${kinds ? `has no outline that closes: ${kinds}` : "nothing is drawn"})`,
      );
      continue;
    }
    const strange = contours.find((contour) =>
      ![...CLOSED, ...WITHOUT_INSIDE].includes(contour.text("ContourGeometricType") ?? "")
    );
    if (strange) {
      throw new DicomError(
        `${name}: outlines must be ${CLOSED.join(" or ")}, one is ${strange.text("ContourGeometricType")}`,
        path,
      );
    }
    const frame = roi.text("ReferencedFrameOfReferenceUID");
    if (frame !== undefined && !content.framesOfReference.includes(frame)) {
      content.framesOfReference.push(frame);
    }
    content.structures.push({ name, draw: (stack) => draw(closed, { stack, name, path }) });
  }
  return content;
}

function referencesOf(fields: DicomFields): Pick<LabelContent, "series" | "instances"> {
  const series = fields.items("ReferencedFrameOfReferenceSequence")
    .flatMap((frame) => frame.items("RTReferencedStudySequence"))
    .flatMap((study) => study.items("RTReferencedSeriesSequence"));
  const images = series.flatMap((one) => one.items("ContourImageSequence"));
  return {
    series: series.flatMap((one) => one.text("SeriesInstanceUID") ?? []),
    instances: images.flatMap((one) => one.text("ReferencedSOPInstanceUID") ?? []),
  };
}

function draw(
  contours: readonly DicomFields[],
  { stack, name, path }: { stack: Stack; name: string; path: string },
): DrawnStructure {
  const [depth, height, width] = stack.shape, size = { width, height };
  const mask = new Uint8Array(depth * height * width), notes: string[] = [];
  const place = placeOn(stack), bySlice = new Map<number, Outline[]>();
  let beyond = 0;
  for (const contour of contours) {
    const data = contour.numbers("ContourData");
    if (data.length === 0 || data.length % 3 !== 0) {
      throw new DicomError(
        `${name}: an outline must have three numbers a corner, one has ${data.length}`,
        path,
      );
    }
    const corners = Array.from(
      { length: data.length / 3 },
      (_, corner) => place(data.slice(3 * corner, 3 * corner + 3) as Vector3),
    );
    const slice = Math.round(corners[0]![2]);
    const off = Math.max(...corners.map(([, , z]) => Math.abs(z - slice)));
    if (off > OFF_PLANE) {
      throw new DicomError(
        `${name}: outlines must lie on slices, one is ${
          off.toFixed(2)
        } of the distance between slices away from slice ${slice + 1} of ${depth}`,
        path,
      );
    }
    if (slice < 0 || slice >= depth) {
      throw new DicomError(
        `${name}: outlines must lie on slices, one lies beyond the ${depth} of the series`,
        path,
      );
    }
    if (corners.some(([x, y]) => x < -0.5 || y < -0.5 || x > width - 0.5 || y > height - 0.5)) beyond++;
    const outlines = bySlice.get(slice) ?? [];
    outlines.push(Float64Array.from(corners.flatMap(([x, y]) => [x, y])));
    bySlice.set(slice, outlines);
  }
  for (const [slice, outlines] of bySlice) mask.set(fillOutlines(outlines, size), slice * height * width);
  if (beyond > 0) notes.push(`${name}: ${beyond} outlines reach beyond the slices, which cut them off`);
  notes.push(...oddSlices(bySlice, { size, name }));
  return { mask, notes };
}

/** Slices without an outline between others, and outlines that cross. */
function oddSlices(
  bySlice: ReadonlyMap<number, Outline[]>,
  { size, name }: { size: { width: number; height: number }; name: string },
): string[] {
  const slices = [...bySlice.keys()].sort((a, b) => a - b), notes: string[] = [];
  const empty = slices.at(-1)! - slices[0]! + 1 - slices.length;
  if (empty > 0) {
    notes.push(
      `${name}: ${empty} slices between its first and its last have no outline; nothing is filled in between`,
    );
  }
  const crossing = slices.filter((slice) => {
    const outlines = bySlice.get(slice)!;
    return outlines.some((a, index) => outlines.slice(index + 1).some((b) => cross(a, b, size)));
  });
  if (crossing.length > 0) {
    notes.push(
      `${name}: outlines cross on ${crossing.length} slices, the first is ${
        crossing[0]! + 1
      }; what two have in common is taken out (XOR)`,
    );
  }
  return notes;
}
