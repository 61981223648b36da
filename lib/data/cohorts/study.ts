/**
 * A study: which files, which organs, which values. What a cohort is once it has met the data at hand.
 *
 * Hidden organs stop here: a {@linkcode StudyCase} knows no value of theirs, so nothing after it can read them.
 *
 * @module
 */
import type { Groups } from "../groups.ts";
import type { LabelSet, OrganNumber } from "../label_set.ts";
import type { OrganVectors } from "../organ_vectors.ts";
import type { Cohort } from "./cohort.ts";
import type { Fold } from "./fold.ts";
import type { Preprocessing } from "../preprocessing.ts";

export interface Organ {
  /** 1…K, its place in the cohort's list. */
  number: OrganNumber;
  name: string;
  /** The same organ on the other side. */
  mirror?: OrganNumber;
  nsdToleranceMm: number;
}

/** A coarser label: organs that some datasets label as one. */
export interface Group {
  /** Its code in label maps. */
  number: number;
  name: string;
  /** The organs it covers. */
  parts: readonly OrganNumber[];
  nsdToleranceMm: number;
}

/** A scan, without anything that is known of its labels. */
export interface StudyScan {
  /**
   * Unique in the study, so that scans of one id are one scan: the dataset's id of the case, with the folder before it where two
   * folders share an id (case_ids.ts).
   */
  id: string;
  /** Name of the dataset or test set. */
  dataset: string;
  /** The person, unique over the study. */
  subject: string;
  /** Path of the scan. */
  image: string;
  /** The study's groups, which label sets may hold. @default none */
  groups?: Groups;
}

export interface StudyCase extends StudyScan {
  /** Path of the label map. */
  label: string;
  /** A_x of METHOD section 0: annotated in the case and shown by the study; for test cases all that is annotated. */
  labelSet: LabelSet;
  /** Value in the label map → organ or group, of the label set only. Every other value means background-or-unlabelled. */
  values: Record<number, OrganNumber>;
  /** Organs that the case's dataset calls otherwise: they are not decided for in it. @default none */
  without?: LabelSet;
  /** Value in the label map of voxels that are not annotated. @default every voxel is annotated */
  ignored?: number;
  /** All values that the dataset declares: another one in the label map is an error. */
  declared: readonly number[];
}

export interface StudyDataset {
  name: string;
  /** Organs the dataset shows, of groups their organs: O_n of METHOD section 0. */
  organs: LabelSet;
  training: StudyCase[];
  validation: StudyCase[];
  /** Scans of `training`'s choice with none of the shown organs annotated. @default the cohort does not ask for them */
  unlabelled?: StudyScan[];
}

export interface Study {
  name: string;
  /** The vocabulary; `organs[k - 1].number` is k. */
  organs: Organ[];
  /** Coarser labels. @default none */
  groups?: Group[];
  datasets: StudyDataset[];
  test: StudyCase[];
  preprocessing: Preprocessing;
  patch: Cohort["patch"];
  network: Cohort["network"];
  training: Cohort["training"];
  /** Lengths of voxels are not known: nothing in mm is scored. @default false */
  nominalSpacing?: boolean;
  /** Of background and the organs' names. @default none were asked for */
  vectors?: OrganVectors;
  /** Which part of the cohort's subjects is tested. @default the cohort's own test sets, as they are */
  fold?: Fold;
  /** What is odd but no error, such as a shown organ that no training case has. */
  warnings: string[];
}

/** Organs and groups by their codes in label maps. */
export function namesOfLabels(
  { organs, groups = [] }: Pick<Study, "organs"> & { groups?: Study["groups"] | undefined },
): Map<number, string> {
  return new Map([...organs, ...groups].map(({ number, name }) => [number, name]));
}
