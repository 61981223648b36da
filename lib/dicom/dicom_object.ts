/**
 * One DICOM file, read by dcmjs.
 *
 * @module
 */
import dcmjs from "dcmjs";
import { leaveOneCharacterSet, mendNestedText } from "./character_sets.ts";
import { DicomError } from "./dicom_error.ts";
import { DicomFields } from "./dicom_fields.ts";

// Its remarks on single values would fill a terminal; what matters is checked here.
for (const log of [dcmjs.log, dcmjs.log.getLogger("validation.dcmjs")]) log.setLevel("silent", false);

/** Tag of the pixels, dcmjs's spelling. */
const PIXEL_DATA = "7FE00010";

/** "DICM" behind a preamble of 128 bytes. */
const SIGNATURE = { offset: 128, bytes: [0x44, 0x49, 0x43, 0x4d] } as const;

export interface DicomObject {
  path: string;
  fields: DicomFields;
  /** UID of how the file is encoded. */
  transferSyntax: string;
  /** Pixels as stored: one buffer, or of compressed ones one or more a frame. @default they were not asked for, or there are none */
  pixels?: ArrayBuffer[];
}

export interface ReadDicomOptions {
  /** Read the pixels, too. @default false */
  pixels?: boolean;
}

/** Whether a file begins as DICOM files do. */
export async function isDicom(path: string): Promise<boolean> {
  using file = await Deno.open(path);
  const start = new Uint8Array(SIGNATURE.offset + 4);
  const read = await file.read(start);
  return read === start.length &&
    SIGNATURE.bytes.every((byte, index) => start[SIGNATURE.offset + index] === byte);
}

/** @throws DicomError when it cannot be parsed */
export async function readDicom(
  path: string,
  { pixels = false }: ReadDicomOptions = {},
): Promise<DicomObject> {
  const { DicomMessage, DicomMetaDictionary } = dcmjs.data;
  const bytes = await Deno.readFile(path);
  mendNestedText();
  leaveOneCharacterSet(bytes);
  try {
    const { meta, dict } = DicomMessage.readFile(bytes.buffer, pixels ? {} : { untilTag: PIXEL_DATA });
    const transferSyntax = String(meta["00020010"]?.Value?.[0] ?? "").trim();
    const stored = dict[PIXEL_DATA]?.Value;
    delete dict[PIXEL_DATA];
    const fields = new DicomFields(path, DicomMetaDictionary.naturalizeDataset(dict));
    return { path, fields, transferSyntax, ...pixels && Array.isArray(stored) && { pixels: stored } };
  } catch (error) {
    throw new DicomError(`it is no DICOM that can be read: ${(error as Error).message}`, path, {
      cause: error,
    });
  }
}
