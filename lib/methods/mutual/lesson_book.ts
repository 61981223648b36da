/**
 * The teachers' accuracies, and a log of every lesson: who taught which organ to whom, and on whose scans.
 *
 * @module
 */
import type { OrganNumber } from "../../data/label_set.ts";
import { type Choice, createTeachers, type TeachersOptions, type TeachersState } from "./teachers.ts";

/** The sum of equal lessons over the training. */
export interface LessonRow {
  teacher: string;
  student: string;
  organ: OrganNumber;
  /** Whose scans the lessons were on. */
  dataset: string;
  /** Sum of the lessons' weights (METHOD section 1, DFS). */
  weight: number;
  lessons: number;
}

export interface LessonBook {
  /** The teacher among the models at hand, noted in the log; undefined when none is better by the margin. */
  choose(
    student: string,
    organ: OrganNumber,
    at: { among: readonly string[]; dataset: string },
  ): Choice | undefined;
  measure(model: string, dice: ReadonlyMap<OrganNumber, number>): void;
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
      const choice = teachers.choose(student, organ, { among });
      if (!choice || !(choice.weight > 0)) return undefined;
      const key = JSON.stringify([choice.teacher, student, organ, dataset]);
      const row = log.get(key) ?? { teacher: choice.teacher, student, organ, dataset, weight: 0, lessons: 0 };
      log.set(key, { ...row, weight: row.weight + choice.weight, lessons: row.lessons + 1 });
      return choice;
    },
    measure: (model, dice) => teachers.measure(model, dice),
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
