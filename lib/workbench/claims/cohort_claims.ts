/**
 * The project's claim cards on one cohort.
 *
 * @module
 */
import type { ClaimCard } from "../../comparison/claims/judged_card.ts";
import { claimNames } from "../choices.ts";
import { resultsName } from "../cohort_paths.ts";
import { readClaims } from "./claim_cards.ts";
import { type JudgedCards, judgeEach } from "./judged_cards.ts";

/**
 * Cards on a cohort with what its finished runs say of them, and what is wrong with cards, whatever cohort they are on: a page on something
 * else is made all the same.
 */
export async function claimsOn(cohort: string, { results }: { results: string }): Promise<JudgedCards> {
  const own: ClaimCard[] = [], unread: string[] = [];
  for (const name of await claimNames()) {
    try {
      const [card] = await readClaims([name]);
      if (await resultsName(card!.claim.cohort, results) === cohort) own.push(card!);
    } catch (error) {
      unread.push((error as Error).message);
    }
  }
  const { cards, problems } = await judgeEach(own, { results });
  return { cards, problems: [...unread, ...problems] };
}
