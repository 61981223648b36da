/**
 * Between the stages: partial-organ models complete the label maps of the training cases.
 *
 * @module
 */
import { leavesOf } from "../data/groups.ts";
import type { LabelSet, OrganNumber } from "../data/label_set.ts";
import { readStoredImage, readStoredLabels } from "../data/store/store.ts";
import type { StoredCase } from "../data/store/stored_case.ts";
import type { Shape } from "../imaging/volume.ts";
import { dice } from "../metrics/overlap.ts";
import { centreFeatures, ENOUGH_FEATURES, type OwnedFeature } from "./centre_features.ts";
import type { Derivation } from "./derive_labels.ts";
import { featureDistances, leaveOneOutDistances } from "./feature_distance.ts";
import { probeOrgan } from "./organ_probe.ts";
import { mergedPredictor, type OrganModel, type Predictor } from "../inference/predictor.ts";
import { ownersOf } from "../models/inference_rule.ts";
import { decidePseudoLabels } from "./pseudo_decision.ts";
import {
  type Candidate,
  copiesOf,
  type FilterOptions,
  type Objection,
  objectionsTo,
  type Verdict,
} from "./pseudo_filters.ts";
import { maskOf } from "../training/validation.ts";

export interface PseudoLabelOptions {
  /** K, the number of organs of the study. */
  organCount: number;
  /** [depth, height, width] of a window, voxels. */
  window: Shape;
  /** Of the disturbed copies behind the agreement filter. */
  seed: number;
  /** t_hi: an organ above this probability becomes a pseudo label. */
  organThreshold: number;
  /** t_lo: below this for every missing organ, a voxel is background. */
  backgroundThreshold: number;
  /** Keep the largest connected component of each organ only. */
  clean: boolean;
  filters: FilterOptions;
  /** Subtract each dataset's median feature before distances are taken. */
  centreFeatures: boolean;
  /** Disturbed copies that a lone owner is compared with. @default 2 */
  copies?: number | undefined;
  /**
   * True label codes of a case with nothing hidden, and the organs they hold: for the report only, nothing of them
   * reaches a label map. @default the truth stays unknown
   */
  hiddenTruth?:
    | ((stored: StoredCase) => Promise<{ labels: Uint8Array; organs: LabelSet } | undefined>)
    | undefined;
}

/** What became of one organ that is missing in one case. */
export interface PseudoLabel extends Candidate {
  case: string;
  dataset: string;
  organ: OrganNumber;
  verdict: Verdict;
  /** All that object to it, each as if it were alone; the first is the verdict. */
  objections: readonly Objection[];
  /** With the hidden truth; NaN when that is not known. */
  dice: number;
}

/** What a case tells of the others: its true organs, and what became of its missing ones. */
export interface CompletionNote {
  survey: readonly TrueOrgan[];
  rows: readonly DraftRow[];
}

/** One truly labelled organ of one case. */
interface TrueOrgan extends OwnedFeature {
  organ: OrganNumber;
  voxels: number;
}

interface DraftRow extends PseudoLabel {
  feature?: number[];
}

/**
 * Completion of training cases (METHOD section 1, pseudo labels) as a derivation: decide and clean case by case, filter when all
 * are known. A dropped organ stays unlabelled in its case.
 *
 * @param models partial-organ models that together own every organ
 */
export function completion(
  models: readonly OrganModel[],
  options: PseudoLabelOptions,
): Required<Pick<Derivation<CompletionNote, PseudoLabel>, "derive" | "settle">> {
  // Here and not where it is used: an organ without an owner ends the work before it begins.
  const predictor = mergedPredictor(models, options.organCount);
  return {
    async derive(stored, signal) {
      const survey = await surveyTrueOrgans(models, stored, options);
      const { labels, rows } = await draft(models, stored, { ...options, predictor, signal });
      return { labels, pseudoSet: rows.map(({ organ }) => organ), note: { survey, rows } };
    },
    settle(notes) {
      const cases = notes.map(({ rows }) => rows.map(withNaN));
      const rows = cases.flat();
      for (const organ of allOrgans(options.organCount)) {
        const own = rows.filter((row) => row.organ === organ);
        const reference = notes.flatMap(({ survey }) => survey.filter((one) => one.organ === organ));
        const truth = {
          voxels: reference.map(({ voxels }) => voxels),
          distances: measureDistances(own, reference, options),
        };
        for (const row of own) {
          row.objections = objectionsTo(row, truth, options.filters);
          row.verdict = row.objections[0] ?? "";
        }
      }
      const kept = cases.map((own) => own.filter(({ verdict }) => verdict === "").map(({ organ }) => organ));
      return { kept, rows: rows.map(withoutFeature) };
    },
  };
}

/** JSON has no NaN: it reads as null what was not measured. */
export function withNaN<Row extends PseudoLabel>(row: Row): Row {
  const { confidence, agreement, distance, dice } = row;
  const number = (value: number | null) => value ?? NaN;
  return {
    ...row,
    confidence: number(confidence),
    agreement: number(agreement),
    distance: number(distance),
    dice: number(dice),
  };
}

async function draft(
  models: readonly OrganModel[],
  stored: StoredCase,
  options: PseudoLabelOptions & { predictor: Predictor; signal: AbortSignal },
): Promise<{ labels: Uint8Array; rows: DraftRow[] }> {
  const { shape } = stored;
  const { window, signal, organCount, predictor } = options;
  const [image, truth] = await Promise.all([readStoredImage(stored), readStoredLabels(stored)]);
  const labelled = leavesOf(stored.labelSet, stored.groups);
  const missing = allOrgans(organCount).filter((organ) => !labelled.includes(organ));
  if (missing.length === 0) return { labels: truth, rows: [] };
  const { labels, confidence } = decidePseudoLabels(image, truth, {
    shape,
    window,
    missing,
    signal,
    predictor,
    organThreshold: options.organThreshold,
    backgroundThreshold: options.backgroundThreshold,
    clean: options.clean,
  });
  const hidden = await options.hiddenTruth?.(stored);
  const rows = missing.map((organ): DraftRow => {
    const mask = maskOf(labels, organ);
    const voxels = mask.reduce((sum, value) => sum + value, 0);
    const row: DraftRow = {
      case: stored.id,
      dataset: stored.dataset,
      organ,
      voxels,
      verdict: "",
      objections: [],
      confidence: confidence.get(organ)!,
      agreement: NaN,
      distance: NaN,
      dice: hidden?.organs.includes(organ)
        ? dice({ prediction: mask, truth: maskOf(hidden.labels, organ) })
        : NaN,
    };
    if (voxels === 0) return row;
    const { feature, ...probe } = probeOrgan(image, mask, {
      organ,
      shape,
      window,
      owners: ownersOf(models, organ),
      copies: copiesOf(options.filters, options.copies),
      seed: options.seed,
    });
    return { ...row, ...probe, feature: [...feature] };
  });
  return { labels, rows };
}

/** Volumes and features of the truly labelled organs of a case, as far as they are visible. */
async function surveyTrueOrgans(
  models: readonly OrganModel[],
  stored: StoredCase,
  { window, seed, organCount }: PseudoLabelOptions,
): Promise<TrueOrgan[]> {
  const [image, labels] = await Promise.all([readStoredImage(stored), readStoredLabels(stored)]);
  // A group is no organ: it has another volume, and no channel of its own.
  return stored.labelSet.filter((label) => label <= organCount).flatMap((organ) => {
    const mask = maskOf(labels, organ);
    const voxels = mask.reduce((sum, value) => sum + value, 0);
    if (voxels === 0) return [];
    const owners = ownersOf(models, organ);
    const { feature } = probeOrgan(image, mask, {
      organ,
      shape: stored.shape,
      window,
      owners,
      copies: 0,
      seed,
    });
    return [{ organ, dataset: stored.dataset, voxels, feature: [...feature] }];
  });
}

/** Tells the rows their distances; gives those of the true organs, none where they are too few to judge anybody. */
function measureDistances(
  rows: readonly DraftRow[],
  reference: readonly TrueOrgan[],
  { centreFeatures: centre }: Pick<PseudoLabelOptions, "centreFeatures">,
): number[] {
  const ready = (owned: readonly OwnedFeature[]) => {
    const numbers = owned.map((one) => ({ ...one, feature: one.feature.map((value) => value ?? NaN) }));
    return centre ? centreFeatures(numbers) : numbers.map(({ feature }) => feature);
  };
  const truth = ready(reference).filter((feature) => feature !== undefined);
  if (truth.length < ENOUGH_FEATURES) return [];
  const seen = rows.filter((row): row is DraftRow & OwnedFeature => row.feature !== undefined);
  const features = ready(seen);
  const judged = seen.flatMap((row, index) => features[index] ? [{ row, feature: features[index] }] : []);
  const distances = featureDistances(judged.map(({ feature }) => feature), truth);
  judged.forEach(({ row }, index) => row.distance = distances[index]!);
  return leaveOneOutDistances(truth);
}

function withoutFeature({ feature: _, ...row }: DraftRow): PseudoLabel {
  return row;
}

function allOrgans(count: number): OrganNumber[] {
  return Array.from({ length: count }, (_, i) => i + 1);
}
