/**
 * Label maps as DICOM SEG objects: binary segments on the slices of their series.
 *
 * @module
 */
import dcmjs from "dcmjs";
import type { DicomFields } from "./dicom_fields.ts";
import type { Frame } from "./frame.ts";
import { dot, type Stack } from "./stack.ts";

/** What a value of the label map is. */
export interface Segment {
  value: number;
  name: string;
}

export interface SegmentationOptions {
  /** Of a slice of the series: its patient and study are those of the segmentation. */
  source: DicomFields;
  segments: readonly Segment[];
  /** Who computed it: name of a program and its version. */
  software: { name: string; version: string };
  /** When. @default now */
  time?: Date;
}

const SEGMENTATION_STORAGE = "1.2.840.10008.5.1.4.1.1.66.4";

/** Attributes of patient and study that every object of a study has alike. */
const SHARED_WITH_STUDY = [
  "PatientName",
  "PatientID",
  "PatientBirthDate",
  "PatientSex",
  "PatientAge",
  "PatientSize",
  "PatientWeight",
  "StudyInstanceUID",
  "StudyDate",
  "StudyTime",
  "StudyID",
  "StudyDescription",
  "AccessionNumber",
  "ReferringPhysicianName",
  "FrameOfReferenceUID",
  "PositionReferenceIndicator",
];

/** Attributes that must be there, though empty. */
const OFTEN_EMPTY = [
  "PatientName",
  "PatientID",
  "PatientBirthDate",
  "PatientSex",
  "StudyDate",
  "StudyTime",
  "StudyID",
  "AccessionNumber",
  "ReferringPhysicianName",
  "PositionReferenceIndicator",
];

const code = (value: string, meaning: string) => ({
  CodeValue: value,
  CodingSchemeDesignator: "SCT",
  CodeMeaning: meaning,
});

/**
 * The bytes of a SEG object. Slices without a voxel of a segment have no frame.
 *
 * @param labels values of the stack's voxels; others than the segments' are left out
 */
export function segmentationBytes(
  labels: ArrayLike<number>,
  stack: Stack,
  { source, segments, software, time = new Date() }: SegmentationOptions,
): Uint8Array<ArrayBuffer> {
  const { frames, shape: [depth, height, width] } = stack, pixels = height * width;
  const drawn = segments.flatMap((segment, index) =>
    Array.from({ length: depth }, (_, slice) => ({ ...segment, number: index + 1, slice }))
  ).filter(({ value, slice }) => {
    for (let pixel = slice * pixels; pixel < (slice + 1) * pixels; pixel++) {
      if (labels[pixel] === value) return true;
    }
    return false;
  });
  const bits = new Uint8Array(Math.ceil(drawn.length * pixels / 8));
  for (const [frame, { value, slice }] of drawn.entries()) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      if (labels[slice * pixels + pixel] !== value) continue;
      const bit = frame * pixels + pixel;
      bits[bit >> 3]! |= 1 << (bit & 7);
    }
  }
  // Of a file of one frame a frame is not named.
  const several = new Set(frames.map(({ path }) => path)).size < frames.length;
  // Values of odd length are padded.
  const pixelData = new Uint8Array(bits.length + bits.length % 2);
  pixelData.set(bits);
  const organization = newUid(), stamp = time.toISOString().replace(/[-:T]/g, "");
  const dataset = {
    ...Object.fromEntries(OFTEN_EMPTY.map((keyword) => [keyword, ""])),
    ...source.copied(SHARED_WITH_STUDY),
    SpecificCharacterSet: "ISO_IR 192",
    SOPClassUID: SEGMENTATION_STORAGE,
    SOPInstanceUID: newUid(),
    Modality: "SEG",
    SeriesInstanceUID: newUid(),
    SeriesNumber: 900,
    SeriesDescription: software.name,
    InstanceNumber: 1,
    ContentDate: stamp.slice(0, 8),
    ContentTime: stamp.slice(8, 14),
    Manufacturer: software.name,
    ManufacturerModelName: software.name,
    DeviceSerialNumber: "0",
    SoftwareVersions: software.version,
    ContentLabel: "SEGMENTATION",
    ContentDescription: "",
    ContentCreatorName: "",
    ImageType: ["DERIVED", "PRIMARY"],
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    PixelRepresentation: 0,
    Rows: height,
    Columns: width,
    BitsAllocated: 1,
    BitsStored: 1,
    HighBit: 0,
    LossyImageCompression: "00",
    SegmentationType: "BINARY",
    NumberOfFrames: drawn.length,
    SegmentSequence: segments.map((segment, index) => segmentItem(segment, { number: index + 1, software })),
    ReferencedSeriesSequence: [{
      SeriesInstanceUID: source.text("SeriesInstanceUID"),
      ReferencedInstanceSequence: [
        ...new Map(frames.map(({ instance }) => [instance.uid, instance])).values(),
      ]
        .map(({ sopClass, uid }) => ({ ReferencedSOPClassUID: sopClass, ReferencedSOPInstanceUID: uid })),
    }],
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: organization }],
    DimensionIndexSequence: [
      dimension({ organization, pointer: 0x0062000b, group: 0x0062000a, label: "ReferencedSegmentNumber" }),
      dimension({ organization, pointer: 0x00200032, group: 0x00209113, label: "ImagePositionPatient" }),
    ],
    SharedFunctionalGroupsSequence: [sharedGroups(stack)],
    PerFrameFunctionalGroupsSequence: drawn.map(({ number, slice }) =>
      frameGroups(frames[slice]!, { number, slice, several })
    ),
    PixelData: [pixelData.buffer],
    _vrMap: { PixelData: "OB" },
    _meta: {},
  };
  return new Uint8Array(dcmjs.data.datasetToDict(dataset).write());
}

function newUid(): string {
  return dcmjs.data.DicomMetaDictionary.uid();
}

function segmentItem(
  { name }: Segment,
  { number, software }: { number: number; software: SegmentationOptions["software"] },
) {
  return {
    SegmentNumber: number,
    // Labels are 64 letters long at most.
    SegmentLabel: [...name].slice(0, 64).join(""),
    SegmentAlgorithmType: "AUTOMATIC",
    SegmentAlgorithmName: `${software.name} ${software.version}`,
    SegmentedPropertyCategoryCodeSequence: [code("123037004", "Anatomical Structure")],
    SegmentedPropertyTypeCodeSequence: [code("113343008", "Organ")],
  };
}

interface Dimension {
  organization: string;
  /** Tags. */
  pointer: number;
  group: number;
  label: string;
}

function dimension({ organization, pointer, group, label }: Dimension) {
  return {
    DimensionOrganizationUID: organization,
    DimensionIndexPointer: pointer,
    FunctionalGroupPointer: group,
    DimensionDescriptionLabel: label,
  };
}

function sharedGroups({ frames, normal, step }: Stack) {
  const { alongRow, alongColumn, spacing, thickness } = frames[0]!, gap = dot(step, normal);
  return {
    PlaneOrientationSequence: [{ ImageOrientationPatient: [...alongRow, ...alongColumn] }],
    PixelMeasuresSequence: [{
      PixelSpacing: [...spacing],
      SliceThickness: thickness ?? gap,
      SpacingBetweenSlices: gap,
    }],
  };
}

function frameGroups(
  { instance, position, index }: Frame,
  { number, slice, several }: { number: number; slice: number; several: boolean },
) {
  return {
    FrameContentSequence: [{ DimensionIndexValues: [number, slice + 1] }],
    PlanePositionSequence: [{ ImagePositionPatient: [...position] }],
    SegmentIdentificationSequence: [{ ReferencedSegmentNumber: number }],
    DerivationImageSequence: [{
      DerivationCodeSequence: [{ ...code("113076", "Segmentation"), CodingSchemeDesignator: "DCM" }],
      SourceImageSequence: [{
        ReferencedSOPClassUID: instance.sopClass,
        ReferencedSOPInstanceUID: instance.uid,
        ...several && { ReferencedFrameNumber: index + 1 },
        SpatialLocationsPreserved: "YES",
        PurposeOfReferenceCodeSequence: [{
          ...code("121322", "Source image for image processing operation"),
          CodingSchemeDesignator: "DCM",
        }],
      }],
    }],
  };
}
