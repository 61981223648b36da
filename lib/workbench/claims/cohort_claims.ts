/**
 * The project's claim cards on one cohort.
 *
 * @module
 */
import type { JudgedCard } from "../../comparison/claims/judged_card.ts";
import { claimNames } from "../choices.ts";
import { resultsName } from "../cohort_paths.ts";
import { readClaims } from "./claim_cards.ts";
import { judgeCards } from "./judged_cards.ts";

export interface CohortClaims {
  cards: JudgedCard[];
  /** What is wrong with cards, whatever cohort they are on: a page on something else is made all the same. */
  problems: string[];
}

/** Cards on a cohort with what its finished runs say of them. */
export async function claimsOn(cohort: string, { results }: { results: string }): Promise<CohortClaims> {
  const cards: JudgedCard[] = [], problems: string[] = [];
  for (const name of await claimNames()) {
    try {
      const [card] = await readClaims([name]);
      if (await resultsName(card!.claim.cohort, results) !== cohort) continue;
      cards.push(...await judgeCards([card!], { results }));
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  return { cards, problems };
}
