/**
 * Effects along axes, of finished runs.
 *
 * @module
 */
import { type Arm, armWarnings, readArms, type ReadArmsOptions, scoresByArm } from "../arms.ts";
import { compareArms } from "../compare_arms.ts";
import { listRuns } from "../../runs/folder/list_runs.ts";
import type { ScoreRow } from "../../metrics/score_row.ts";
import type { AxisEffect, AxisStudy } from "./axis_effect.ts";

/** Scores of a cohort's arms by their names. */
type Scores = Readonly<Record<string, readonly ScoreRow[]>>;

/**
 * The effect of every part at every level of every axis, in that order of nesting; those of which no seed of both arms is
 * there, too, so that nobody takes them for nothing.
 *
 * @param scores by the cohort's name; cohorts without runs may be absent
 */
export function axisEffects(study: AxisStudy, scores: ReadonlyMap<string, Scores>): AxisEffect[] {
  const { axes, reference, without } = study;
  return axes.flatMap(({ name: axis, levels }) =>
    levels.flatMap(([level, cohort]) =>
      Object.entries(without).map(([part, arm]): AxisEffect => {
        const own = scores.get(cohort) ?? {};
        const found = pairedDice(own[reference] ?? [], own[arm] ?? []);
        return { axis, level, cohort, without: part, reference, ...found };
      })
    )
  );
}

type Paired = Pick<AxisEffect, "seeds" | "cases" | "dice" | "difference" | "note">;

/** Of the seeds that both have: what one arm alone was run with is no pair. */
function pairedDice(all: readonly ScoreRow[], off: readonly ScoreRow[]): Paired {
  const seeds = new Set(off.map(({ seed }) => seed)).intersection(new Set(all.map(({ seed }) => seed)));
  if (seeds.size === 0) {
    return { seeds: 0, cases: 0, dice: NaN, difference: { value: NaN, low: NaN, high: NaN }, note: "" };
  }
  const ofBoth = (rows: readonly ScoreRow[]) => rows.filter(({ seed }) => seeds.has(seed));
  const { arms, notes } = compareArms({ all: ofBoth(all), off: ofBoth(off) }, { reference: "all" });
  const { pairs, value, low, high } = arms[1]!.mean.difference!;
  return {
    seeds: seeds.size,
    cases: pairs,
    dice: arms[0]!.mean.value,
    difference: { value, low, high },
    note: notes.intervals.join(" "),
  };
}

export interface ScoredAxes {
  effects: AxisEffect[];
  /** Sentences on what makes runs that stand side by side unequal, and on runs that are not counted. */
  warnings: string[];
}

/**
 * {@linkcode axisEffects} of the finished runs in a folder of results.
 *
 * @throws {Error} None of the cohorts has a finished run.
 */
export async function scoreAxes(study: AxisStudy, options: ReadArmsOptions): Promise<ScoredAxes> {
  const cohorts = [...new Set(study.axes.flatMap(({ levels }) => levels.map(([, cohort]) => cohort)))];
  const wanted = [study.reference, ...Object.values(study.without)];
  const arms = new Map<string, Arm[]>();
  for (const cohort of cohorts) {
    if ((await listRuns(cohort, options)).length === 0) continue;
    const found = await readArms(cohort, options);
    arms.set(cohort, found.filter(({ name }) => wanted.includes(name)));
  }
  if (arms.size === 0) {
    throw new Error(`Cannot score axes: no run of ${cohorts.join(", ")} is finished (${options.results})`);
  }
  return {
    effects: axisEffects(study, new Map([...arms].map(([cohort, own]) => [cohort, scoresByArm(own)]))),
    warnings: armWarnings([...arms.values()].flat()),
  };
}
