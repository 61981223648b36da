/**
 * SEG: organs as masks of slices.
 *
 * @module
 */
import { DicomError } from "./dicom_error.ts";
import type { DicomFields } from "./dicom_fields.ts";
import { type DicomObject, readDicom } from "./dicom_object.ts";
import { functionalGroups, type Plane, planeOf } from "./frame.ts";
import type { DrawnStructure, LabelContent } from "./label_structure.ts";
import type { Stack } from "./stack.ts";
import { placeOn } from "./stack_place.ts";
import { encodingOf } from "./transfer_syntax.ts";

/** Of a voxel: so far a segment's pixel may lie from the scan's. */
const OFF_GRID = 0.1;

/** One bit a pixel of one segment on one slice. */
interface SegmentFrame extends Plane {
  segment: number;
  /** Which of the object's frames. */
  index: number;
}

/** Reads an object's pixels, too. @throws DicomError of a kind that is not read, or of one that contradicts itself */
export async function segmentationContent(
  { fields, path, transferSyntax }: DicomObject,
): Promise<LabelContent> {
  const type = fields.wantedText("SegmentationType");
  if (type !== "BINARY") {
    throw new DicomError(`SegmentationType must be BINARY, one organ or none a voxel, it is ${type}`, path);
  }
  if (encodingOf(transferSyntax, path) === "compressed") {
    throw new DicomError(
      `pixels of a SEG must be raw, the transfer syntax is ${transferSyntax}; decompress with dcmdrle or gdcmconv --raw`,
      path,
    );
  }
  const size = { rows: fields.wantedNumber("Rows"), columns: fields.wantedNumber("Columns") };
  const frames = segmentFrames(fields);
  const bits = await bitsOf(path, { count: size.rows * size.columns * frames.length });
  const content: LabelContent = {
    structures: [],
    leftOut: [],
    series: fields.items("ReferencedSeriesSequence").flatMap((one) => one.text("SeriesInstanceUID") ?? []),
    instances: fields.items("ReferencedSeriesSequence")
      .flatMap((one) => one.items("ReferencedInstanceSequence"))
      .flatMap((one) => one.text("ReferencedSOPInstanceUID") ?? []),
    framesOfReference: [fields.text("FrameOfReferenceUID") ?? ""],
  };
  for (const item of fields.items("SegmentSequence")) {
    const segment = item.wantedNumber("SegmentNumber"),
      name = item.text("SegmentLabel") ?? `segment ${segment}`;
    const own = frames.filter((frame) => frame.segment === segment);
    if (own.length === 0) content.leftOut.push(`${name} (nothing is drawn)`);
    else content.structures.push({ name, draw: (stack) => draw(own, { stack, bits, size, name, path }) });
  }
  return content;
}

function segmentFrames(fields: DicomFields): SegmentFrame[] {
  const frames = functionalGroups(fields).map((group, index) => ({
    index,
    segment: group("SegmentIdentificationSequence").wantedNumber("ReferencedSegmentNumber"),
    ...planeOf({
      position: group("PlanePositionSequence"),
      orientation: group("PlaneOrientationSequence"),
      measures: group("PixelMeasuresSequence"),
    }),
  }));
  const announced = fields.number("NumberOfFrames") ?? 1;
  if (frames.length === announced) return frames;
  throw new DicomError(
    `each frame must have its place, NumberOfFrames is ${announced}, places are ${frames.length}`,
    fields.path,
  );
}

/** Bits of all frames, one after the other, the lowest of a byte first. */
async function bitsOf(path: string, { count }: { count: number }): Promise<Uint8Array> {
  const { pixels: [pixels] = [] } = await readDicom(path, { pixels: true });
  const bytes = new Uint8Array(pixels ?? new ArrayBuffer(0));
  if (bytes.length * 8 >= count) return bytes;
  throw new DicomError(`PixelData must have ${Math.ceil(count / 8)} bytes, it has ${bytes.length}`, path);
}

interface DrawOptions {
  stack: Stack;
  bits: Uint8Array;
  size: { rows: number; columns: number };
  name: string;
  path: string;
}

function draw(
  frames: readonly SegmentFrame[],
  { stack, bits, size, name, path }: DrawOptions,
): DrawnStructure {
  const [depth, height, width] = stack.shape, pixels = height * width;
  const mask = new Uint8Array(depth * pixels), place = placeOn(stack);
  if (size.rows !== height || size.columns !== width) {
    throw new DicomError(
      `${name}: frames must have the series' ${height}×${width} rows×columns, they have ${size.rows}×${size.columns}`,
      path,
    );
  }
  for (const frame of frames) {
    const { position, alongRow, alongColumn, spacing: [betweenRows, betweenColumns] } = frame;
    const [x, y, z] = place(position), slice = Math.round(z);
    const corner = place(
      [0, 1, 2].map((axis) =>
        position[axis]! + alongRow[axis]! * betweenColumns * (width - 1) +
        alongColumn[axis]! * betweenRows * (height - 1)
      ) as [number, number, number],
    );
    const off = Math.max(
      ...[x, y, z - slice, corner[0] - (width - 1), corner[1] - (height - 1), corner[2] - slice].map(
        Math.abs,
      ),
    );
    if (off > OFF_GRID || slice < 0 || slice >= depth) {
      throw new DicomError(
        `${name}: frames must lie on the series' slices and pixels, frame ${frame.index + 1} lies elsewhere`,
        path,
      );
    }
    const from = frame.index * pixels, to = slice * pixels;
    for (let pixel = 0; pixel < pixels; pixel++) {
      const bit = from + pixel;
      mask[to + pixel]! |= bits[bit >> 3]! >> (bit & 7) & 1;
    }
  }
  return { mask, notes: [] };
}
