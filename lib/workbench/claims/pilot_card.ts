/**
 * A card's pilot: its two arms with other seeds on scans that are not tested, for how exactly the experiment will tell.
 *
 * @module
 */
import { join } from "@std/path";
import type { Claim } from "../../comparison/claims/claim.ts";
import type { ClaimCard, JudgedCard } from "../../comparison/claims/judged_card.ts";
import type { Cohort } from "../../data/cohorts/cohort.ts";
import { pilotCohort, pilotTests } from "./pilot_cohort.ts";
import { writeJson } from "../../files/whole_file.ts";
import { findCohort } from "../cohort_paths.ts";
import { findStudy } from "../load_study.ts";
import { projectFolder, recordedCohort } from "../project.ts";

/** The first seed of pilots: no card's runs have it, since their cohorts are others. */
const FIRST_SEED = 11;

/** Folder of pilots' cohorts, which git ignores. */
const pilotFolder = join(projectFolder, "data", "pilots");

/**
 * The pilot as a card, with cohorts that are written for it. Its arms and organs are the card's; of scans that are read, test sets are
 * datasets, so that the card's own `testSets` and `cells` mean nothing in it.
 *
 * @param seeds how many
 */
export async function pilotCard({ name, path, claim }: ClaimCard, seeds: number): Promise<ClaimCard> {
  const { outcome: { testSets, cells, ...outcome } } = claim;
  const asked = (arm: string) => String(claim.arms[arm]!.cohort ?? claim.cohort);
  const names = [outcome.arm, outcome.reference];
  const cohorts = new Map<string, Cohort>();
  for (const cohort of new Set([claim.cohort, ...names.map(asked)])) {
    cohorts.set(cohort, (await findCohort(recordedCohort(cohort))).cohort);
  }
  const known = [...cohorts.values()].map(({ organs, groups = [] }) =>
    new Set([...organs, ...groups].map(({ name }) => name))
  ).reduce((all, own) => all.intersection(own));
  const own = cohorts.get(claim.cohort)!, tests = pilotTests(own, known);
  const files = new Map<string, string>();
  for (const [asked, cohort] of cohorts) {
    const file = join(pilotFolder, `${cohort.name}.json`);
    await writeJson(file, pilotCohort(cohort, tests));
    files.set(asked, file);
  }
  const arms = Object.fromEntries(
    names.map((arm) => [arm, { ...claim.arms[arm]!, cohort: files.get(asked(arm))! }]),
  );
  const measured = own.generator ? { ...testSets && { testSets }, ...cells && { cells } } : {};
  const pilot: Claim = {
    ...claim,
    cohort: files.get(claim.cohort)!,
    seeds: Array.from({ length: seeds }, (_, i) => FIRST_SEED + i),
    arms,
    outcome: { ...outcome, ...measured },
    gates: [],
  };
  return { name: `${name}, pilot`, path, claim: pilot };
}

export interface PilotWidth {
  /** Half of the interval's width in the pilot. */
  halfWidth: number;
  /** People in the pilot and in the card's test. */
  subjects: [pilot: number, card: number];
  /** What the card may expect: widths fall with the root of the number of people. */
  expected: number;
}

/** What the pilot's runs let the card expect; undefined while some are missing. */
export async function pilotWidth(card: ClaimCard, pilot: JudgedCard): Promise<PilotWidth | undefined> {
  if (!pilot.judged) return undefined;
  const { claim } = card;
  const { low, high } = pilot.judged.difference;
  const counts = ({ claim: { outcome: { testSets, cells } } }: ClaimCard) => {
    const sets = testSets ?? cells?.map(([, set]) => set);
    return ({ dataset }: { dataset: string }) => sets?.includes(dataset) ?? true;
  };
  const scored = pilot.scores[claim.outcome.arm]!.filter(counts(pilot)).map((row) => row.subject ?? row.case);
  const tested = (await findStudy(recordedCohort(claim.cohort))).test.filter(counts(card))
    .map(({ subject }) => subject);
  const subjects: [number, number] = [new Set(scored).size, new Set(tested).size];
  const halfWidth = (high - low) / 2;
  return { halfWidth, subjects, expected: halfWidth * Math.sqrt(subjects[0] / subjects[1]) };
}
