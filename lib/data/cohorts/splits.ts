/**
 * Nobody may be in two of training, validation and test.
 *
 * @module
 */

/** A case in a role. */
export interface Assignment {
  role: "training" | "validation" | "test";
  /** Name of the dataset or test set. */
  dataset: string;
  id: string;
  /** The person, unique over the study. */
  subject: string;
}

/** One line for each subject with more than one role. */
export function overlapProblems(assignments: readonly Assignment[]): string[] {
  const bySubject = Map.groupBy(assignments, ({ subject }) => subject);
  return [...bySubject].flatMap(([subject, own]) => {
    if (new Set(own.map(({ role }) => role)).size < 2) return [];
    const places = own.map(({ role, dataset, id }) => `${role} of ${dataset} (${id})`);
    return [`subject ${subject} is in ${places.join(" and in ")}`];
  });
}
