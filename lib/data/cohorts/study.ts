/**
 * A study: which files, which organs, which values. What a cohort is once it has met the data at hand.
 *
 * Hidden organs stop here: a {@linkcode StudyCase} knows no value of theirs, so nothing after it can read them.
 *
 * @module
 */
import type { LabelSet, OrganNumber } from "../label_set.ts";
import type { Cohort, Preprocessing } from "./cohort.ts";

export interface Organ {
  /** 1…K, its place in the cohort's list. */
  number: OrganNumber;
  name: string;
  /** The same organ on the other side. */
  mirror?: OrganNumber;
  nsdToleranceMm: number;
}

export interface StudyCase {
  /** Unique in the study: the dataset's id of the case, with the folder before it where two folders share an id. */
  id: string;
  /** Name of the dataset or test set. */
  dataset: string;
  /** The person, unique over the study. */
  subject: string;
  /** Path of the scan. */
  image: string;
  /** Path of the label map. */
  label: string;
  /** A_x of METHOD section 0: annotated in the case and shown by the study; for test cases all that is annotated. */
  labelSet: LabelSet;
  /** Value in the label map → organ, of the label set only. Every other value means background-or-unlabelled. */
  values: Record<number, OrganNumber>;
}

export interface StudyDataset {
  name: string;
  /** Organs the dataset shows: O_n of METHOD section 0. */
  organs: LabelSet;
  training: StudyCase[];
  validation: StudyCase[];
}

export interface Study {
  name: string;
  /** The vocabulary; `organs[k - 1].number` is k. */
  organs: Organ[];
  datasets: StudyDataset[];
  test: StudyCase[];
  preprocessing: Preprocessing;
  patch: Cohort["patch"];
  network: Cohort["network"];
  training: Cohort["training"];
  /** What is odd but no error, such as a shown organ that no training case has. */
  warnings: string[];
}
