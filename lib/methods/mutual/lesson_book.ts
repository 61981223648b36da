/**
 * The teachers, and a log of every lesson: who taught which organ to whom, and on whose scans.
 *
 * @module
 */
import type { OrganNumber } from "../../data/label_set.ts";
import type { ValidationScores } from "../../training/plan.ts";
import { createTeachers, type TeachersOptions, type TeachersState } from "./teachers.ts";

/** Equal lessons over the training. */
export interface LessonRow {
  teacher: string;
  student: string;
  organ: OrganNumber;
  /** Whose scans the lessons were on. */
  dataset: string;
  lessons: number;
}

export interface LessonBook {
  /** The teacher among the models at hand, noted in the log; undefined when none is better by the margin. */
  choose(
    student: string,
    organ: OrganNumber,
    at: { among: readonly string[]; dataset: string },
  ): string | undefined;
  measure(model: string, scores: ValidationScores): void;
  rows(): LessonRow[];
  save(): LessonBookState;
  load(state: unknown): void;
}

/** JSON-safe. */
export interface LessonBookState extends Record<string, unknown> {
  accuracy: TeachersState;
  lessons: LessonRow[];
}

export function createLessonBook(options: TeachersOptions): LessonBook {
  let teachers = createTeachers(options);
  let log = new Map<string, LessonRow>();
  return {
    choose(student, organ, { among, dataset }) {
      const teacher = teachers.choose(student, organ, { among });
      if (teacher === undefined) return undefined;
      const key = JSON.stringify([teacher, student, organ, dataset]);
      const row = log.get(key) ?? { teacher, student, organ, dataset, lessons: 0 };
      log.set(key, { ...row, lessons: row.lessons + 1 });
      return teacher;
    },
    measure: (model, scores) => teachers.measure(model, scores),
    rows: () => [...log.values()],
    save: () => ({ accuracy: teachers.state(), lessons: [...log.values()] }),
    load(state) {
      const { accuracy, lessons } = state as LessonBookState;
      teachers = createTeachers(options, accuracy);
      log = new Map(
        lessons.map((row) => [JSON.stringify([row.teacher, row.student, row.organ, row.dataset]), row]),
      );
    },
  };
}
