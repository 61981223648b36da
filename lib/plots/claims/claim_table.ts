/**
 * Claim cards and what came out.
 *
 * @module
 */
import type { JudgedGate } from "../../comparison/claims/judge_claim.ts";
import type { ClaimArm, JudgedCard } from "../../comparison/claims/judged_card.ts";
import { ranges } from "../../text/ranges.ts";
import { signedInterval, signedText, valueText } from "../arms/score_text.ts";
import { type Table, table } from "../tables/table.ts";

const DIRECTIONS = { more: "above", less: "below", equal: "as" } as const;

/**
 * A row a card: the comparison that decides, the difference that it found with its 95 % interval, the smallest one that counts, half the
 * interval's width as it was expected and as it is, how many gates held, and the verdict.
 *
 * @example
 * ```ts
 * import { readClaims } from "consilium/results";
 * import { claimTable } from "consilium/plots";
 *
 * claimTable(await readClaims());
 * ```
 */
export function claimTable(cards: readonly JudgedCard[]): Table {
  return table(
    cards.map((card) => {
      const { name, claim: { cohort, outcome, expected }, judged } = card;
      const { metric, direction, arm, reference, smallestDifference } = outcome;
      const difference = judged?.difference;
      return {
        card: name,
        cohort,
        "is claimed": `${arm} ${DIRECTIONS[direction]} ${reference}`,
        difference: difference && signedText(difference.value, metric),
        "95 % interval": difference && signedInterval(difference, metric),
        counts: smallestDifference,
        "half-width expected": expected.halfWidth,
        found: difference && valueText((difference.high - difference.low) / 2, metric),
        gates: judged && gatesText(judged.gates),
        verdict: verdictText(card),
      };
    }),
    {
      caption: "Claims, and what came out",
      notes: [
        "Reproduced: the 95 % interval of the difference, over subjects and seeds, lies beyond the smallest difference that counts, as is claimed (of " +
        "equality: within it); contradicted: beyond it on the other side. Neither: not shown, or too small to tell where half the interval is wider than " +
        "that difference. Not tested: a control did not do what it should.",
        ...cards.flatMap(cardNotes),
      ],
    },
  );
}

function gatesText(gates: readonly JudgedGate[]): string {
  return gates.length === 0
    ? "none"
    : `${gates.filter(({ passed }) => passed).length} of ${gates.length} held`;
}

/**
 * `reproduced`, or what is missing.
 *
 * @example
 * ```ts
 * import { readClaims } from "consilium/results";
 * import { verdictText } from "consilium/plots";
 *
 * for (const card of await readClaims()) console.log(card.claim.claim, verdictText(card));
 * ```
 */
export function verdictText({ judged, arms }: Pick<JudgedCard, "judged" | "arms">): string {
  if (judged) return judged.verdict;
  const missing = arms.flatMap(({ missing }) => missing).length;
  return `not run: ${missing} of ${missing + arms.flatMap(({ runs }) => runs).length} runs missing`;
}

function cardNotes({ name, judged, warnings, arms }: JudgedCard): string[] {
  return [
    ...arms.some(({ runs }) => runs.length > 0) ? arms.flatMap((arm) => missingNote(name, arm)) : [],
    ...judged?.gates.filter(({ passed }) => !passed).map((gate) => `${name}: ${gateText(gate)}.`) ?? [],
    ...warnings.map((warning) => `${name}: ${warning}`),
  ];
}

function missingNote(card: string, { name, missing }: ClaimArm): string[] {
  return missing.length === 0
    ? []
    : [`${card}: ${name} lacks the ${missing.length === 1 ? "seed" : "seeds"} ${ranges(missing)}.`];
}

/**
 * `oracle has 0.803, wanted is at least 0.85 (…)`.
 *
 * @example
 * ```ts
 * import { readClaims } from "consilium/results";
 * import { gateText } from "consilium/plots";
 *
 * for (const { judged } of await readClaims()) for (const gate of judged?.gates ?? []) console.log(gateText(gate));
 * ```
 */
export function gateText(
  { gate: { arm, reference, metric, atLeast, atMost, why }, value }: JudgedGate,
): string {
  const wanted = atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`;
  const shown = reference === undefined
    ? valueText(value, metric)
    : `${signedText(value, metric)} against ${reference}`;
  return `${arm} has ${shown}, wanted is ${wanted} (${why})`;
}
