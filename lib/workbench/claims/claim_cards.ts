/**
 * The claim cards of the project.
 *
 * @module
 */
import { basename } from "@std/path";
import { readClaim } from "../../comparison/claims/claim.ts";
import type { ClaimCard } from "../../comparison/claims/judged_card.ts";
import { InvalidFileError } from "../../data/json_file.ts";
import { UsageError } from "../../terminal/usage.ts";
import { unknownName } from "../../text/unknown_name.ts";
import { claimNames } from "../choices.ts";
import { claimPath } from "../project.ts";
import { cardProblems } from "./check_card.ts";

/**
 * Reads cards.
 *
 * @param asked names in experiments/claims, or paths of JSON files; none: all of the project's
 * @throws {UsageError} There is no card of that name.
 * @throws {InvalidFileError} with what is wrong with a card
 */
export async function readClaims(asked: readonly string[] = []): Promise<ClaimCard[]> {
  const names = await claimNames();
  const wrong = asked.find((claim) => !claim.endsWith(".json") && !names.includes(claim));
  if (wrong !== undefined) {
    throw new UsageError(`Cannot read a claim: it ${unknownName(wrong, names)} (or the path of a JSON file)`);
  }
  const wanted = asked.length > 0 ? asked : names;
  return await Promise.all([...new Set(wanted)].map(async (claim) => {
    const path = claimPath(claim), card = await readClaim(path);
    const problems = await cardProblems(card);
    if (problems.length > 0) throw new InvalidFileError(path, problems, "claim");
    return { name: basename(path, ".json"), path, claim: card };
  }));
}
