/**
 * Who teaches whom: how well each model does each organ on the validation cases. Plain numbers.
 *
 * @module
 */
import { mean, sampleStandardDeviation } from "simple-statistics";
import type { OrganNumber } from "../../data/label_set.ts";
import type { ValidationScores } from "../../training/plan.ts";

export interface TeachersOptions {
  /** A teacher must be better than its student by more than so many standard errors of the difference. */
  margin: number;
}

/** JSON-safe: by model, then organ, the Dice of each validation case that labels it; null where there is none. */
export type TeachersState = Record<string, Record<OrganNumber, (number | null)[]>>;

export interface Teachers {
  /** Takes in how the model did on its latest validation. All models are validated on the same cases. */
  measure(model: string, scores: ValidationScores): void;
  /**
   * The model of the highest mean Dice on the organ among those at hand, if it is better than the student by the margin; of
   * equally good ones the first.
   */
  choose(student: string, organ: OrganNumber, options: { among: readonly string[] }): string | undefined;
  state(): TeachersState;
}

/**
 * METHOD section 1, DFS: t(o) = argmax_i ā_i,o, ā the mean Dice of model i on the validation cases that label o, at its latest
 * validation; its gate is open where ā_t - ā_i > δ·s. Crops of the training would favour the model that learns from them.
 *
 * @param saved a former `state()`, to go on from
 */
export function createTeachers({ margin }: TeachersOptions, saved: TeachersState = {}): Teachers {
  const scores: TeachersState = structuredClone(saved);
  const known = (model: string, organ: OrganNumber) =>
    (scores[model]?.[organ] ?? []).filter((dice) => dice !== null);

  return {
    measure(model, measured) {
      scores[model] = Object.fromEntries(
        [...measured].map(([organ, all]) => [organ, all.map((dice) => Number.isNaN(dice) ? null : dice)]),
      );
    },
    choose(student, organ, { among }) {
      let best: { teacher: string; dice: number } | undefined;
      for (const teacher of among) {
        const all = known(teacher, organ);
        if (all.length === 0) continue;
        const dice = mean(all);
        if (!best || dice > best.dice) best = { teacher, dice };
      }
      if (!best || best.teacher === student) return undefined;
      const { teacher } = best;
      return isBetter(scores[teacher]![organ]!, scores[student]?.[organ] ?? [], margin) ? teacher : undefined;
    },
    state: () => structuredClone(scores),
  };
}

/**
 * Whether the mean of the paired differences is above so many of its standard errors, s = sd/√n. Both are measured on the same
 * cases; √(s_t² + s_i²) would count how much the cases themselves differ. One pair has no standard error, and decides nothing.
 */
function isBetter(
  teacher: readonly (number | null)[],
  student: readonly (number | null)[],
  margin: number,
): boolean {
  const differences = teacher.flatMap((dice, i) => {
    const other = student[i] ?? null;
    return dice === null || other === null ? [] : [dice - other];
  });
  if (differences.length < 2) return false;
  return mean(differences) > margin * sampleStandardDeviation(differences) / Math.sqrt(differences.length);
}
