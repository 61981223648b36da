/**
 * Which rules of postprocessing validation cases favour: METHOD section 0, postprocessing.
 *
 * @module
 */
import type { StudyCase } from "../data/cohorts/study.ts";
import { type Groups, leavesOf, maskOfLabel } from "../data/groups.ts";
import { IGNORED, type LabelSet, type OrganNumber } from "../data/label_set.ts";
import { laidOn } from "../data/datasets/same_grid.ts";
import { loadMasked } from "../data/load_masked.ts";
import type { Volume } from "../imaging/volume.ts";
import { statisticOf } from "../metrics/statistics.ts";
import type { OrganRule } from "../models/postprocessing_rule.ts";
import { componentsOfOrgans, eachVoxel, gridOf, keptComponents, type LabelGrid } from "./postprocessing.ts";

/** Share of the smallest labelled volume below which a component may be too small. */
const MINIMUM_SHARE = 0.1;

/**
 * The rules that an organ may have, r_0 (nothing is taken away) first.
 *
 * @param smallestMm3 the smallest volume that it has in a label, mm³; undefined where it has none
 */
export function candidateRules(organ: OrganNumber, smallestMm3: number | undefined): OrganRule[] {
  const minimums = smallestMm3 === undefined ? [0] : [0, MINIMUM_SHARE * smallestMm3];
  return minimums.flatMap((minimumMm3) =>
    [false, true].map((largest): OrganRule => ({ organ, largest, minimumMm3 }))
  );
}

/** {@linkcode candidateRules} of all organs. */
export function candidatesOf(
  organs: readonly { number: OrganNumber }[],
  smallestMm3: ReadonlyMap<OrganNumber, number>,
): Map<OrganNumber, OrganRule[]> {
  return new Map(organs.map(({ number }) => [number, candidateRules(number, smallestMm3.get(number))]));
}

/** {@linkcode scoreCandidates} of a case, whose truth is read. @param prediction on its scan's grid */
export async function judgeCandidates(
  prediction: Volume<Uint8Array>,
  one: StudyCase,
  candidates: ReadonlyMap<OrganNumber, readonly OrganRule[]>,
): Promise<CandidateDice[]> {
  const truth = laidOn(prediction, await loadMasked(one));
  return scoreCandidates(prediction.data, truth.data, { ...gridOf(prediction), ...one, candidates });
}

export interface CandidateOptions extends LabelGrid {
  /** Organs and groups with true labels in the case. */
  labelSet: LabelSet;
  /** Organs of each group. @default none */
  groups?: Groups | undefined;
}

/** Dice of an organ in one case by each of its rules; NaN where it is in neither truth nor prediction. */
export interface CandidateDice {
  organ: OrganNumber;
  dice: number[];
}

/**
 * What each candidate rule would make of a case's Dice, of the organs that the case judges: those that are labelled, and those
 * that lie in a labelled group alone, whose union is scored.
 *
 * @param prediction [depth, height, width] organ numbers
 * @param truth [depth, height, width] label codes; IGNORED where nothing is judged
 * @param options.candidates rules by organ
 */
export function scoreCandidates(
  prediction: Uint8Array,
  truth: Uint8Array,
  { candidates, labelSet, groups, ...grid }: CandidateOptions & {
    candidates: ReadonlyMap<OrganNumber, readonly OrganRule[]>;
  },
): CandidateDice[] {
  return [...Map.groupBy(candidates.keys(), (organ) => judgeOf(organ, labelSet, groups))].flatMap(
    ([label, organs]) => {
      if (label === undefined) return [];
      const mask = maskOfLabel(truth, label, groups);
      const volume = mask.reduce((sum, inside) => sum + inside, 0);
      const leaves = leavesOf([label], groups);
      const tallies = tallyComponents(prediction, truth, { ...grid, mask, organs: leaves });
      return organs.map((organ) => ({
        organ,
        dice: candidates.get(organ)!.map((rule) => {
          let judged = 0, hits = 0;
          for (const tally of tallies) {
            const stays = tally.organ === organ ? keptComponents(tally.sizes, rule, grid) : undefined;
            for (let component = 1; component < tally.sizes.length; component++) {
              if (stays?.[component] === false) continue;
              judged += tally.judged[component]!;
              hits += tally.hits[component]!;
            }
          }
          return 2 * hits / (judged + volume);
        }),
      }));
    },
  );
}

/** The label that an organ is judged by: itself, else the finest group that it lies in; undefined where nothing labels it. */
function judgeOf(organ: OrganNumber, labelSet: LabelSet, groups?: Groups): number | undefined {
  const size = (label: number) => leavesOf([label], groups).length;
  return labelSet.filter((label) => leavesOf([label], groups).includes(organ))
    .sort((a, b) => size(a) - size(b))[0];
}

interface Tally {
  organ: OrganNumber;
  /** Voxels of each component. */
  sizes: readonly number[];
  /** Those of them that are annotated. */
  judged: number[];
  /** Those of them that are within the label. */
  hits: number[];
}

function tallyComponents(
  prediction: Uint8Array,
  truth: Uint8Array,
  { mask, organs, shape }: LabelGrid & { mask: Uint8Array; organs: LabelSet },
): Tally[] {
  return Array.from(componentsOfOrgans(prediction, organs, shape), ([organ, found]): Tally => {
    const { sizes } = found, judged = sizes.map(() => 0), hits = sizes.map(() => 0);
    eachVoxel(found, shape, (component, voxel) => {
      if (component === 0 || truth[voxel] === IGNORED) return;
      judged[component]! += 1;
      hits[component]! += mask[voxel]!;
    });
    return { organ, sizes, judged, hits };
  });
}

/** The rule of an organ, and what validation says of it. */
export interface OrganDecision {
  rule: OrganRule;
  /** Validation cases in which the organ, as predicted, has a Dice. */
  cases: number;
  /** Mean Dice over them as predicted, and with the rule; NaN without any. */
  before: number;
  after: number;
}

/**
 * Chooses the rule of each organ: that of the largest mean Dice, the first of equal ones, where it is above that of r_0.
 *
 * @param evidence of all validation cases
 */
export function decidePostprocessing(
  candidates: ReadonlyMap<OrganNumber, readonly OrganRule[]>,
  evidence: readonly CandidateDice[],
): OrganDecision[] {
  return [...candidates].map(([organ, rules]) => {
    const own = evidence.filter((one) => one.organ === organ);
    const means = rules.map((_, index) => statisticOf(own.map(({ dice }) => dice[index]!), "mean"));
    const best = means.reduce((best, mean, index) => mean > means[best]! ? index : best, 0);
    return {
      rule: rules[best]!,
      cases: own.filter(({ dice }) => !Number.isNaN(dice[0])).length,
      before: means[0]!,
      after: means[best]!,
    };
  });
}
