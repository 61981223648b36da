/**
 * A claim card with what its runs say of it: what tables, figures and pages show.
 *
 * @module
 */
import type { ScoreRow } from "../../metrics/score_row.ts";
import type { RunSummary } from "../../runs/folder/list_runs.ts";
import type { Claim } from "./claim.ts";
import type { JudgedClaim } from "./judge_claim.ts";

/** A card and where it was read. */
export interface ClaimCard {
  /** Of its file, without the ending. */
  name: string;
  path: string;
  claim: Claim;
}

export interface JudgedCard extends ClaimCard {
  arms: ClaimArm[];
  /** Of those runs, by the arm's name, with their seeds. */
  scores: Record<string, ScoreRow[]>;
  /** Absent while runs are missing. */
  judged?: JudgedClaim;
  /** Sentences on what makes the arms unequal besides what the card says. */
  warnings: string[];
}

/** An arm of a card. */
export interface ClaimArm {
  /** As the card calls it. */
  name: string;
  /** Finished runs of the card's seeds. */
  runs: RunSummary[];
  /** Seeds of which none is finished. */
  missing: number[];
}
