/**
 * Slices of a scan as DICOM stores them: one a file, or the frames of one file.
 *
 * @module
 */
import type { Vector3 } from "../imaging/matrix.ts";
import { DicomError } from "./dicom_error.ts";
import type { DicomFields } from "./dicom_fields.ts";
import type { DicomObject } from "./dicom_object.ts";

/** A plane of pixels in the world, LPS+, mm. */
export interface Plane {
  /** Centre of the first pixel. */
  position: Vector3;
  /** Unit vector from pixel to pixel of a row: along x. */
  alongRow: Vector3;
  /** Unit vector from row to row: along y. */
  alongColumn: Vector3;
  /** Distance between rows, and between the pixels of a row. */
  spacing: [betweenRows: number, betweenColumns: number];
}

/** Names of an object. */
export interface InstanceReference {
  /** SOPClassUID and SOPInstanceUID. */
  sopClass: string;
  uid: string;
}

export interface Frame extends Plane {
  path: string;
  /** Of the file: what others refer to it by. */
  instance: InstanceReference;
  /** Which of the file's frames, from 0. */
  index: number;
  /** Number that the scanner gave: of the file, or of the frame from 1. */
  number: number;
  size: [rows: number, columns: number];
  /** Value of a pixel: stored · slope + intercept. */
  slope: number;
  intercept: number;
  /** mm; undefined where it is not said. */
  thickness?: number | undefined;
}

/** Frames of an object; their pixels are read later. @throws DicomError where a frame has no place in the world */
export function framesOf({ path, fields }: DicomObject): Frame[] {
  const size = [fields.wantedNumber("Rows"), fields.wantedNumber("Columns")] as [number, number];
  if (fields.has("ModalityLUTSequence")) {
    throw new DicomError(
      "values must follow from RescaleSlope and RescaleIntercept, it has a ModalityLUTSequence",
      path,
    );
  }
  const instance = { sopClass: fields.wantedText("SOPClassUID"), uid: fields.wantedText("SOPInstanceUID") };
  const groups = functionalGroups(fields);
  if (groups.length === 0) {
    if ((fields.number("NumberOfFrames") ?? 1) !== 1) {
      throw new DicomError(
        "its frames must have places of their own, it has no PerFrameFunctionalGroupsSequence",
        path,
      );
    }
    return [{
      path,
      instance,
      index: 0,
      number: fields.number("InstanceNumber") ?? 0,
      size,
      ...planeOf({ position: fields, orientation: fields, measures: fields }),
      ...scaleOf(fields),
      thickness: fields.number("SliceThickness"),
    }];
  }
  return groups.map((group, index) => {
    const measures = group("PixelMeasuresSequence");
    return {
      path,
      instance,
      index,
      number: index + 1,
      size,
      ...planeOf({
        position: group("PlanePositionSequence"),
        orientation: group("PlaneOrientationSequence"),
        measures,
      }),
      ...scaleOf(group("PixelValueTransformationSequence", fields)),
      thickness: measures.number("SliceThickness"),
    };
  });
}

/** Finds a frame's item of a functional group, its own or the one that all share. */
export type FunctionalGroup = (keyword: string, otherwise?: DicomFields) => DicomFields;

/** One function a frame; none of an object that has no frames of different places. */
export function functionalGroups(fields: DicomFields): FunctionalGroup[] {
  const [shared] = fields.items("SharedFunctionalGroupsSequence");
  return fields.items("PerFrameFunctionalGroupsSequence").map((frame, index) => (keyword, otherwise) => {
    const item = frame.items(keyword)[0] ?? shared?.items(keyword)[0] ?? otherwise;
    if (item) return item;
    throw new DicomError(`frame ${index + 1} must have a ${keyword}, it has none`, fields.path);
  });
}

/** @throws DicomError where a part is missing, or directions are no right angle of unit length */
export function planeOf(
  { position, orientation, measures }: Record<"position" | "orientation" | "measures", DicomFields>,
): Plane {
  const directions = orientation.wantedNumbers("ImageOrientationPatient", { count: 6 });
  const [rx, ry, rz, cx, cy, cz] = directions as [number, number, number, number, number, number];
  const spacing = measures.wantedNumbers("PixelSpacing", { count: 2 }) as [number, number];
  const { path } = position;
  const slack = 1e-3;
  if (
    [Math.hypot(rx, ry, rz) - 1, Math.hypot(cx, cy, cz) - 1, rx * cx + ry * cy + rz * cz]
      .some((error) => Math.abs(error) > slack)
  ) {
    throw new DicomError(
      `ImageOrientationPatient must be two unit vectors at a right angle, it is ${directions.join("\\")}`,
      path,
    );
  }
  if (!spacing.every((length) => length > 0)) {
    throw new DicomError(`PixelSpacing must be above 0, it is ${spacing.join("\\")}`, path);
  }
  return {
    position: position.wantedNumbers("ImagePositionPatient", { count: 3 }) as Vector3,
    alongRow: [rx, ry, rz],
    alongColumn: [cx, cy, cz],
    spacing,
  };
}

function scaleOf(fields: DicomFields): Pick<Frame, "slope" | "intercept"> {
  return { slope: fields.number("RescaleSlope") ?? 1, intercept: fields.number("RescaleIntercept") ?? 0 };
}
