/**
 * Claim cards held against finished runs, as they lie in results/.
 *
 * @module
 */
import { armCalled } from "../../comparison/arm_names.ts";
import { type Arm, readArms, versionWarnings } from "../../comparison/arms.ts";
import { judgeClaim } from "../../comparison/claims/judge_claim.ts";
import type { ClaimCard, JudgedCard } from "../../comparison/claims/judged_card.ts";
import { requireSameTests } from "../../comparison/same_tests.ts";
import { settingWarnings } from "../../comparison/setting_warnings.ts";
import { listRuns } from "../../runs/folder/list_runs.ts";
import type { Parameters } from "../../runs/notebooks/parameters.ts";
import type { RunRecord } from "../../runs/folder/run_record.ts";
import { resultsName } from "../cohort_paths.ts";
import { checkArm } from "../arms/check_arm.ts";
import { recordedCohort } from "../project.ts";

/**
 * Judges cards by the newest finished runs of their arms.
 *
 * @throws {Error} A card names an experiment, cohort, organ or test set that is not there, or its arms were scored on different scans.
 */
export async function judgeCards(
  cards: readonly ClaimCard[],
  { results }: { results: string },
): Promise<JudgedCard[]> {
  const armsOf = armsReader(results);
  return await Promise.all(cards.map((card) => judgeCard(card, armsOf)));
}

/** Cards that could be judged, and of the others why not: what is wrong with one keeps no other from its verdict. */
export interface JudgedCards {
  cards: JudgedCard[];
  problems: string[];
}

/** {@linkcode judgeCards}, each by itself. */
export async function judgeEach(
  cards: readonly ClaimCard[],
  { results }: { results: string },
): Promise<JudgedCards> {
  const armsOf = armsReader(results);
  const judged: JudgedCards = { cards: [], problems: [] };
  for (const card of cards) {
    try {
      judged.cards.push(await judgeCard(card, armsOf));
    } catch (error) {
      judged.problems.push(`${card.name}: ${(error as Error).message}`);
    }
  }
  return judged;
}

/** The arms of a cohort, as a card names it. */
type ArmsOf = (cohort: string) => Promise<Arm[]>;

/** Reads each cohort's results once. */
function armsReader(results: string): ArmsOf {
  const read = new Map<string, Promise<Arm[]>>();
  return async (cohort) => {
    const name = await resultsName(recordedCohort(cohort), results);
    const arms = read.get(name) ?? readIfThere(name, results);
    read.set(name, arms);
    return await arms;
  };
}

async function judgeCard(card: ClaimCard, armsOf: ArmsOf): Promise<JudgedCard> {
  const { claim } = card;
  const found = await Promise.all(
    Object.entries(claim.arms).map(async ([name, { experiment, cohort = claim.cohort, ...parameters }]) => {
      const { parameters: wanted } = await checkArm(experiment as string, parameters);
      const called = await armCalled(experiment as string, parameters);
      const arm = (await armsOf(cohort as string)).find(({ name }) => name === called);
      const runs = arm?.runs.filter(({ record }) =>
        claim.seeds.includes(record.seed!) && isMadeBy(wanted, record)
      ) ?? [];
      const seeds = runs.map(({ record }) => record.seed);
      const rows = arm?.rows.filter(({ seed }) => seeds.includes(seed)) ?? [];
      const missing = claim.seeds.filter((seed) => !seeds.includes(seed));
      return { name, cohort, runs, missing, rows };
    }),
  );
  for (const own of Map.groupBy(found, ({ cohort }) => cohort).values()) requireSameTests(own);
  // And those that are compared: a control whose own value counts may be of another cohort.
  for (const { arm, reference } of [claim.outcome, ...claim.gates]) {
    if (reference) requireSameTests(found.filter(({ name }) => name === arm || name === reference));
  }
  const arms = found.map(({ name, runs, missing }) => ({ name, runs, missing }));
  const one = claim.seeds.length === 1
    ? ["of one seed the interval tells how subjects vary, and nothing of trainings"]
    : [];
  const warnings = [...one, ...versionWarnings(arms), ...settingWarnings(arms)];
  const scores = Object.fromEntries(found.map(({ name, rows }) => [name, rows]));
  const known = { ...card, arms, scores, warnings };
  if (arms.some(({ missing }) => missing.length > 0)) return known;
  return { ...known, judged: judgeClaim(claim, scores) };
}

/** An older run may be called as this one is today, of the defaults of its time; what came later it did as the default does. */
function isMadeBy(wanted: Parameters, { parameters }: Pick<RunRecord, "parameters">): boolean {
  return Object.entries(wanted).every(([name, value]) =>
    name === "cohort" || name === "seed" || !(name in parameters) || parameters[name] === value
  );
}

async function readIfThere(cohort: string, results: string): Promise<Arm[]> {
  let unreadable: Error | undefined;
  const runs = await listRuns(cohort, { results, onUnreadable: (error) => unreadable ??= error });
  // All are damaged, which is not that there are none.
  if (runs.length === 0 && unreadable) throw unreadable;
  return runs.length > 0 ? await readArms(cohort, { results }) : [];
}
