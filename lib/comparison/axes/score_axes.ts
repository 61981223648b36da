/**
 * Effects along axes, of finished runs.
 *
 * @module
 */
import { type Arm, readArms, type ReadArmsOptions, scoresByArm, versionWarnings } from "../arms.ts";
import { settingWarnings } from "../setting_warnings.ts";
import { ranges } from "../../text/ranges.ts";
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
  const { axes, reference, without, seeds } = study;
  return axes.flatMap(({ name: axis, levels }) =>
    levels.flatMap(([level, cohort]) =>
      Object.entries(without).map(([part, arm]): AxisEffect => {
        const own = scores.get(cohort) ?? {};
        const counted = (name: string) =>
          (own[name] ?? []).filter(({ seed }) => seed !== undefined && seeds.includes(seed));
        const found = pairedDice(counted(reference), counted(arm));
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
 * @throws {Error} A seed of an arm of a cohort has no finished run, or arms of a cohort were scored on different scans or truth.
 */
export async function scoreAxes(study: AxisStudy, options: ReadArmsOptions): Promise<ScoredAxes> {
  const cohorts = [...new Set(study.axes.flatMap(({ levels }) => levels.map(([, cohort]) => cohort)))];
  const wanted = [study.reference, ...Object.values(study.without)];
  const arms = new Map<string, Arm[]>();
  for (const cohort of cohorts) {
    const there = (await listRuns(cohort, { ...options, onUnreadable: () => {} })).length > 0;
    const found = there ? await readArms(cohort, options) : [];
    arms.set(cohort, found.filter(({ name }) => wanted.includes(name)));
  }
  const lacking = [...arms].flatMap(([cohort, own]) =>
    wanted.flatMap((name) => {
      const there = own.find((arm) => arm.name === name)?.runs.map(({ record }) => record.seed) ?? [];
      const seeds = study.seeds.filter((seed) => !there.includes(seed));
      return seeds.length > 0 ? [`${cohort}: ${name}, seeds ${ranges(seeds)}`] : [];
    })
  );
  if (lacking.length > 0) {
    throw new Error(
      `Cannot score axes: every arm must have a finished run of each of the seeds ${
        ranges(study.seeds)
      } (${options.results}); ` +
        `there is none of\n${lacking.map((line) => `  - ${line}`).join("\n")}`,
    );
  }
  const scores = new Map([...arms].map(([cohort, own]) => [cohort, scoresOf(cohort, own)]));
  return {
    effects: axisEffects(study, scores),
    warnings: [
      ...versionWarnings([...arms.values()].flat()),
      // Cohorts may differ in anything: that is what axes are for.
      ...[...arms].flatMap(([cohort, own]) =>
        [...settingWarnings(own), ...own.flatMap(({ notes }) => notes)].map((text) => `${cohort}: ${text}`)
      ),
    ],
  };
}

function scoresOf(cohort: string, arms: readonly Arm[]): Scores {
  try {
    return scoresByArm(arms);
  } catch (cause) {
    throw new Error(`Cannot score axes, cohort ${cohort}. ${(cause as Error).message}`, { cause });
  }
}
