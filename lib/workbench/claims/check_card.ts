/**
 * What is wrong with a claim card that its form does not show: names of experiments, parameters, cohorts, organs and test sets. Asked
 * before anything is computed, since hours of training would come before the scores that lack an organ.
 *
 * @module
 */
import type { Claim } from "../../comparison/claims/claim.ts";
import { splitFold } from "../../data/cohorts/fold.ts";
import { unknownName } from "../../text/unknown_name.ts";
import { checkArm } from "../arms/check_arm.ts";
import { findCohort } from "../cohort_paths.ts";
import { recordedCohort } from "../project.ts";

/** One line a fault, each beginning with its place in the JSON. */
export async function cardProblems({ cohort, arms, outcome, gates }: Claim): Promise<string[]> {
  const problems: string[] = [];
  const tested = new Map<string, { organs: string[]; testSets: string[] } | undefined>();
  for (const [name, { experiment, cohort: own = cohort, ...parameters }] of Object.entries(arms)) {
    const place = `arms.${name}`;
    try {
      await checkArm(experiment as string, { ...parameters, cohort: own });
      if (splitFold(String(own)).fold) problems.push(`${place}: a card has no folds, cohort is ${own}`);
      tested.set(name, await namesOf(String(own)));
    } catch (error) {
      problems.push(`${place}: ${(error as Error).message}`);
    }
  }
  for (
    const [place, measured] of [
      ["outcome", outcome] as const,
      ...gates.map((gate, i) => [`gates[${i}]`, gate] as const),
    ]
  ) {
    const { arm, reference = arm, cells = [], organs = cells.map(([organ]) => organ) } = measured;
    const testSets = measured.testSets ?? cells.map(([, testSet]) => testSet);
    for (const name of new Set([arm, reference])) {
      const known = tested.get(name);
      if (!known) continue;
      problems.push(
        ...unknownOf(organs, known.organs).map((text) => `${place}: an organ of ${name} ${text}`),
        ...unknownOf(testSets, known.testSets).map((text) => `${place}: a test set of ${name} ${text}`),
      );
    }
  }
  return problems;
}

async function namesOf(cohort: string): Promise<{ organs: string[]; testSets: string[] }> {
  const { cohort: { organs, groups = [], test } } = await findCohort(recordedCohort(cohort));
  return { organs: [...organs, ...groups].map(({ name }) => name), testSets: test.map(({ name }) => name) };
}

function unknownOf(names: readonly string[], known: readonly string[]): string[] {
  return [...new Set(names)].filter((name) => !known.includes(name)).map((name) => unknownName(name, known));
}
