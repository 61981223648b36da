/**
 * Organs that an arm finds where they were labelled, and loses where they never were.
 *
 * @module
 */
import { type Arms, armsOf, type ScoreRow } from "../metrics/score_row.ts";
import { statisticOf } from "../metrics/statistics.ts";

/** An organ is fine in its own domain from this Dice on, and lost elsewhere where it is lower by so much. */
const FINE = 0.7, LOST = 0.3;

export interface Collapse {
  arm: string;
  organ: string;
  /** Mean Dice where some training scan shows the organ. */
  own: number;
  /** The dataset whose training scans never show it, and mean Dice there. */
  domain: string;
  foreign: number;
}

/** @param labelled of each dataset the organs that its training scans show; datasets that are not in it were never trained on */
export function collapsedDomains(
  rows: Arms<ScoreRow>,
  labelled: Readonly<Record<string, readonly string[]>>,
): Collapse[] {
  const shows = (domain: string, organ: string) =>
    Object.hasOwn(labelled, domain) && labelled[domain]!.includes(organ);
  return armsOf(rows).flatMap(([arm, list]) =>
    [...Map.groupBy(list, ({ organ }) => organ)].flatMap(([organ, scores]) => {
      const meanOf = (some: readonly ScoreRow[]) => statisticOf(some.map(({ dice }) => dice), "mean");
      const own = meanOf(scores.filter(({ dataset }) => shows(dataset, organ)));
      const others = Map.groupBy(
        scores.filter(({ dataset }) => !shows(dataset, organ)),
        ({ dataset }) => dataset,
      );
      return [...others].flatMap(([domain, there]): Collapse[] => {
        const foreign = meanOf(there);
        return own >= FINE && foreign < own - LOST ? [{ arm, organ, own, domain, foreign }] : [];
      });
    })
  );
}
