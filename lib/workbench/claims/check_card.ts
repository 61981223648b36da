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
  const tested = new Map<string, Tested>();
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
        ...neverScored(cells, known).map((text) => `${place}: of ${name} ${text}`),
      );
    }
    const [one, other] = [tested.get(arm), tested.get(reference)];
    if (one && other && !one.folders.some((folder) => other.folders.includes(folder))) {
      problems.push(
        `${place}: ${arm} and ${reference} must be tested on the same scans, their cohorts have none in common`,
      );
    }
  }
  return problems;
}

interface Tested {
  /** Organs and groups. */
  organs: string[];
  testSets: string[];
  /** Where each test set's scans are. */
  folders: string[];
  /** Organs of a test set that scores some alone. */
  scored: Map<string, readonly string[]>;
}

async function namesOf(cohort: string): Promise<Tested> {
  const { cohort: { organs, groups = [], test, generator } } = await findCohort(recordedCohort(cohort));
  return {
    organs: [...organs, ...groups].map(({ name }) => name),
    testSets: test.map(({ name }) => name),
    folders: test.map(({ folder }) => `${JSON.stringify(generator ?? "")} ${folder}`),
    scored: new Map(test.flatMap(({ name, organs }) => organs ? [[name, organs] as const] : [])),
  };
}

/** Cells of which a test set has no score. */
function neverScored(cells: readonly (readonly [string, string])[], { scored }: Tested): string[] {
  return cells.flatMap(([organ, testSet]) => {
    const own = scored.get(testSet);
    return own && !own.includes(organ) ? [`${testSet} scores ${own.join(", ")} alone, not ${organ}`] : [];
  });
}

function unknownOf(names: readonly string[], known: readonly string[]): string[] {
  return [...new Set(names)].filter((name) => !known.includes(name)).map((name) => unknownName(name, known));
}
