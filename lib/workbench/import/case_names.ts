/**
 * What imported cases are called: by their patient's id, never by a name.
 *
 * @module
 */
import type { Series } from "../../dicom/series.ts";

export interface CaseName {
  /** File names begin with it. */
  id: string;
  /** The person, for splits that keep people together. */
  subject: string;
}

/** A patient's only series has his id; several are numbered, `<id>_1` the oldest. Problems are ids that are no names, or two of one name. */
export function caseNames(series: readonly Series[], problems: string[]): Map<Series, CaseName> {
  const names = new Map<Series, CaseName>();
  for (const [patient, own] of Map.groupBy(series, ({ patient }) => patient.id)) {
    // What no file, table or terminal could take.
    const subject = patient.normalize("NFC").replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[-.]+/, "");
    if (subject === "") {
      problems.push(
        `PatientID must have a letter or a digit, it is ${JSON.stringify(patient)} (${
          own[0]!.frames[0]!.path
        })`,
      );
    }
    own.forEach((one, index) => {
      names.set(one, { id: own.length === 1 ? subject : `${subject}_${index + 1}`, subject });
    });
  }
  for (const [id, same] of Map.groupBy(names, ([, { id }]) => id)) {
    if (same.length === 1) continue;
    const ids = same.map(([{ patient }]) => JSON.stringify(patient.id)).join(" and ");
    problems.push(`patients must have ids that differ as file names, ${ids} come to ${id}`);
  }
  return names;
}
