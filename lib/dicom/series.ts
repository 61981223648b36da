/**
 * What lies in a folder of DICOM files: series of scans, and objects that label them.
 *
 * @module
 */
import { join } from "@std/path";
import { DicomError } from "./dicom_error.ts";
import { type DicomObject, isDicom, readDicom } from "./dicom_object.ts";
import { type Frame, framesOf } from "./frame.ts";

/** Slices of one SeriesInstanceUID. */
export interface Series {
  uid: string;
  patient: Patient;
  modality: "CT" | "MR";
  /** Coordinates that are shared by what has the same one. */
  frameOfReference: string;
  /** SOPInstanceUIDs. */
  instances: Set<string>;
  frames: Frame[];
  /** What the scanner's people called it; for the terminal alone. */
  description: string;
  /** Orders a patient's series: date, time and number. */
  order: string;
}

/** Whose it is. The name is kept only to tell whether the id is one. */
export interface Patient {
  id: string;
  name: string;
}

/** An RTSTRUCT or SEG object, as its file has it. */
export interface LabelObject extends DicomObject {
  kind: "RTSTRUCT" | "SEG";
  patient: Patient;
}

export interface DicomFolder {
  series: Series[];
  labels: LabelObject[];
  /** What is left out: reason → number of files. */
  leftOut: Map<string, number>;
  /** One line a file, or a series, that cannot be read. */
  problems: string[];
}

export interface ScanFolderOptions {
  signal?: AbortSignal | undefined;
  /** Called after every file. */
  onProgress?: ((done: number, of: number) => void) | undefined;
}

/** Reads the headers of all files of folders and their folders. */
export async function scanDicomFolder(
  folders: readonly string[],
  { signal, onProgress }: ScanFolderOptions = {},
): Promise<DicomFolder> {
  const paths: string[] = [];
  for (const folder of folders) for await (const path of filesIn(folder)) paths.push(path);
  const series = new Map<string, Series>(), labels: LabelObject[] = [];
  const leftOut = new Map<string, number>(), problems: string[] = [], seen = new Set<string>();
  const leave = (reason: string) => void leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
  for (const [index, path] of paths.sort().entries()) {
    signal?.throwIfAborted();
    try {
      if (!await isDicom(path)) leave("no DICOM");
      else {
        const object = await readDicom(path), instance = object.fields.text("SOPInstanceUID") ?? path;
        if (seen.has(instance)) leave("a copy of another file");
        else take(object, { series, labels, leave, instance });
        seen.add(instance);
      }
    } catch (error) {
      if (!(error instanceof DicomError)) throw error;
      problems.push(error.message);
    }
    onProgress?.(index + 1, paths.length);
  }
  return { series: [...series.values()].sort(byOrder), labels, leftOut, problems };
}

const byOrder = (a: Series, b: Series) => a.order < b.order ? -1 : a.order > b.order ? 1 : 0;

async function* filesIn(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (name.startsWith(".")) continue;
    if (isDirectory) yield* filesIn(join(folder, name));
    else yield join(folder, name);
  }
}

interface Found {
  series: Map<string, Series>;
  labels: LabelObject[];
  leave: (reason: string) => void;
  instance: string;
}

/** Puts an object where it belongs. @throws DicomError of what is missing */
function take(object: DicomObject, { series, labels, leave, instance }: Found): void {
  const { fields, path } = object, modality = fields.text("Modality");
  if (modality === "RTSTRUCT" || modality === "SEG") {
    labels.push({ ...object, kind: modality, patient: patientOf(object) });
    return;
  }
  if (modality !== "CT" && modality !== "MR") return leave(modality ? `modality ${modality}` : "no modality");
  if (fields.texts("ImageType").includes("LOCALIZER")) return leave("a localizer");
  if (!fields.has("Rows")) return leave(`${modality} without pixels`);
  const uid = fields.wantedText("SeriesInstanceUID"), frames = framesOf(object);
  const frameOfReference = fields.text("FrameOfReferenceUID") ?? "";
  const known = series.get(uid);
  if (!known) {
    const number = String(fields.number("SeriesNumber") ?? 0).padStart(9, "0");
    series.set(uid, {
      uid,
      patient: patientOf(object),
      modality,
      frameOfReference,
      instances: new Set([instance]),
      frames,
      description: fields.text("SeriesDescription") ?? "",
      order: [fields.text("StudyDate") ?? "", fields.text("StudyTime") ?? "", number, uid].join(" "),
    });
    return;
  }
  if (known.frameOfReference !== frameOfReference) {
    throw new DicomError(
      `slices of a series must have one FrameOfReferenceUID, there are ${known.frameOfReference} and ${frameOfReference}`,
      path,
    );
  }
  if (known.patient.id !== patientOf(object).id) {
    throw new DicomError("slices of a series must be of one PatientID, there are two", path);
  }
  known.instances.add(instance);
  known.frames.push(...frames);
}

/** @throws DicomError without a PatientID, or where it is a name */
function patientOf({ fields, path }: DicomObject): Patient {
  const id = fields.text("PatientID"), name = fields.personName("PatientName") ?? "";
  if (id === undefined) throw new DicomError("PatientID is missing: cases are called by it", path);
  const letters = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  // Collections without names often write the id, which has digits, as the name, too.
  if (letters(id) === letters(name) && !/\d/.test(id)) {
    throw new DicomError(
      "PatientID must be none of a person's names, it is PatientName: write another id first",
      path,
    );
  }
  return { id, name };
}
