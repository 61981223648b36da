/**
 * Who teaches whom: the running accuracy of each model on each organ. Plain numbers.
 *
 * @module
 */
import type { OrganNumber } from "../../data/label_set.ts";

export interface TeachersOptions {
  /** Share of the old value kept at each measurement. */
  decay: number;
  /** A teacher must be better than its student by more than this much Dice. */
  margin: number;
}

/** JSON-safe: running accuracy by model, then organ. */
export type TeachersState = Record<string, Record<OrganNumber, number>>;

export interface Choice {
  teacher: string;
  /** max(0, accuracy of the teacher − accuracy of the student − margin) */
  weight: number;
}

export interface Teachers {
  /** Takes in a Dice of a model on an organ, measured on a crop the model is not about to teach on. */
  measure(model: string, dice: ReadonlyMap<OrganNumber, number>): void;
  /** The most accurate model on the organ among those at hand, or undefined while the student has not been measured. */
  choose(student: string, organ: OrganNumber, options?: { among?: readonly string[] }): Choice | undefined;
  state(): TeachersState;
}

/**
 * Tracks ā_i,o, a moving average of each model's Dice on each organ (its first measurement starts it), and chooses
 * t(o) = argmax_i ā_i,o. Of equally accurate models the one measured first teaches.
 *
 * @param saved a former `state()`, to go on from
 */
export function createTeachers({ decay, margin }: TeachersOptions, saved: TeachersState = {}): Teachers {
  const accuracy: TeachersState = structuredClone(saved);

  function measure(model: string, dice: ReadonlyMap<OrganNumber, number>): void {
    const values = accuracy[model] ??= {};
    for (const [organ, value] of dice) {
      const before = values[organ];
      values[organ] = before === undefined ? value : decay * before + (1 - decay) * value;
    }
  }

  function choose(
    student: string,
    organ: OrganNumber,
    { among = Object.keys(accuracy) }: { among?: readonly string[] } = {},
  ): Choice | undefined {
    const own = accuracy[student]?.[organ];
    if (own === undefined) return undefined;
    let best = { teacher: student, dice: own };
    for (const teacher of among) {
      const dice = accuracy[teacher]?.[organ];
      if (dice !== undefined && dice > best.dice) best = { teacher, dice };
    }
    return { teacher: best.teacher, weight: Math.max(0, best.dice - own - margin) };
  }

  return { measure, choose, state: () => structuredClone(accuracy) };
}
