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
import { eventLoopTurn } from "../inference/event_loop.ts";
import { probeOrgan } from "./organ_probe.ts";
import { mahalanobisDistances } from "./outliers.ts";
import { mergedPredictor, type OrganModel } from "../inference/predictor.ts";
import { decidePseudoLabels } from "./pseudo_decision.ts";
import { type Candidate, copiesOf, type FilterOptions, judge, type Verdict } from "./pseudo_filters.ts";
import { maskOf } from "../training/validation.ts";

export interface PseudoLabelOptions {
  /** K, the number of organs of the study. */
  organCount: number;
  /** [depth, height, width] of a window, voxels. */
  window: Shape;
  /** Of the disturbed copies behind the agreement filter. */
  seed: number;
  /** t_hi: an organ above this probability becomes a pseudo label. @default 0.5 */
  organThreshold?: number;
  /** t_lo: below this for every missing organ, a voxel is background. @default 0.3 */
  backgroundThreshold?: number;
  /** Keep the largest connected component of each organ only. @default true */
  clean?: boolean;
  filters?: FilterOptions;
  /** Disturbed copies that a lone owner is compared with. @default 2 */
  copies?: number;
  /**
   * True label codes of a case with nothing hidden, and the organs they hold: for the report only, nothing of them
   * reaches a label map. @default the truth stays unknown
   */
  hiddenTruth?: (stored: StoredCase) => Promise<{ labels: Uint8Array; organs: LabelSet } | undefined>;
  /** Writes one completed case. */
  write: (stored: StoredCase, completed: { labels: Uint8Array; pseudoSet: LabelSet }) => Promise<StoredCase>;
  signal?: AbortSignal;
  /** Called after every case whose true organs were looked at, and then after every completed case. */
  onProgress?: (done: { survey: number; completion: number }) => void;
}

/** What became of one organ that is missing in one case. */
export interface PseudoLabel extends Candidate {
  case: string;
  dataset: string;
  organ: OrganNumber;
  verdict: Verdict;
  /** With the hidden truth; NaN when that is not known. */
  dice: number;
}

/**
 * Completes the training cases of every dataset (METHOD section 1, pseudo labels): decide, clean, filter. A dropped
 * organ stays unlabelled in its case.
 *
 * @param models partial-organ models that together own every organ
 * @param datasets training cases of each dataset
 */
export async function completeLabels(
  models: readonly OrganModel[],
  datasets: readonly (readonly StoredCase[])[],
  options: PseudoLabelOptions,
): Promise<{ datasets: StoredCase[][]; rows: PseudoLabel[] }> {
  const cases = datasets.flat();
  const reference = await surveyTrueOrgans(models, cases, options);
  const drafts: Draft[] = [];
  for (const stored of cases) {
    drafts.push(await draft(models, stored, options));
    options.onProgress?.({ survey: cases.length, completion: drafts.length });
  }
  const rows = drafts.flatMap((d) => d.rows);
  for (let organ = 1; organ <= options.organCount; organ++) {
    const own = rows.filter((row) => row.organ === organ);
    const { voxels, features } = reference.get(organ)!;
    measureDistances(own, features);
    judge(own, voxels, options.filters).forEach((verdict, i) => own[i].verdict = verdict);
  }
  const completed = new Map<string, StoredCase>();
  for (const { stored, labels, rows } of drafts) {
    const dropped = rows.filter((row) => row.verdict !== "").map((row) => row.organ);
    const pseudoSet = rows.filter((row) => row.verdict === "").map((row) => row.organ);
    const kept = labels.map((code) => dropped.includes(code) ? 0 : code);
    completed.set(stored.id, await options.write(stored, { labels: kept, pseudoSet }));
  }
  return {
    datasets: datasets.map((d) => d.map(({ id }) => completed.get(id)!)),
    rows: rows.map(withoutFeature),
  };
}

interface DraftRow extends PseudoLabel {
  feature?: Float32Array;
}

interface Draft {
  stored: StoredCase;
  labels: Uint8Array;
  rows: DraftRow[];
}

async function draft(
  models: readonly OrganModel[],
  stored: StoredCase,
  options: PseudoLabelOptions,
): Promise<Draft> {
  const { shape } = stored;
  const { window, signal, organCount } = options;
  await eventLoopTurn();
  options.signal?.throwIfAborted();
  const [image, truth] = await Promise.all([readStoredImage(stored), readStoredLabels(stored)]);
  const labelled = leavesOf(stored.labelSet, stored.groups);
  const missing = allOrgans(organCount).filter((organ) => !labelled.includes(organ));
  if (missing.length === 0) return { stored, labels: truth, rows: [] };
  const { labels, confidence } = decidePseudoLabels(image, truth, {
    shape,
    window,
    missing,
    signal,
    predictor: mergedPredictor(models, organCount),
    organThreshold: options.organThreshold ?? 0.5,
    backgroundThreshold: options.backgroundThreshold ?? 0.3,
    clean: options.clean ?? true,
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
      confidence: confidence.get(organ)!,
      agreement: NaN,
      distance: NaN,
      dice: hidden?.organs.includes(organ)
        ? dice({ prediction: mask, truth: maskOf(hidden.labels, organ) })
        : NaN,
    };
    if (voxels === 0) return row;
    return {
      ...row,
      ...probeOrgan(image, mask, {
        organ,
        shape,
        window,
        owners: ownersOf(models, organ),
        copies: copiesOf(options.filters, options.copies),
        seed: options.seed,
      }),
    };
  });
  return { stored, labels, rows };
}

/** Volumes and features of the truly labelled organs. */
async function surveyTrueOrgans(
  models: readonly OrganModel[],
  cases: readonly StoredCase[],
  options: PseudoLabelOptions,
) {
  const survey = new Map(
    allOrgans(options.organCount).map((organ) => [
      organ,
      { voxels: [] as number[], features: [] as Float32Array[] },
    ]),
  );
  for (const [index, stored] of cases.entries()) {
    await eventLoopTurn();
    options.signal?.throwIfAborted();
    const [image, labels] = await Promise.all([readStoredImage(stored), readStoredLabels(stored)]);
    for (const organ of stored.labelSet.filter((label) => survey.has(label))) {
      const mask = maskOf(labels, organ);
      const voxels = mask.reduce((sum, value) => sum + value, 0);
      if (voxels === 0) continue;
      const { shape } = stored, { window, seed } = options;
      const probe = probeOrgan(image, mask, {
        organ,
        shape,
        window,
        owners: ownersOf(models, organ),
        copies: 0,
        seed,
      });
      survey.get(organ)!.voxels.push(voxels);
      survey.get(organ)!.features.push(probe.feature);
    }
    options.onProgress?.({ survey: index + 1, completion: 0 });
  }
  return survey;
}

function measureDistances(rows: DraftRow[], reference: readonly Float32Array[]) {
  const seen = rows.filter((row) => row.feature);
  if (reference.length < 2) return;
  mahalanobisDistances(seen.map((row) => row.feature!), reference).forEach((d, i) => seen[i].distance = d);
}

function withoutFeature({ feature: _, ...row }: DraftRow): PseudoLabel {
  return row;
}

function ownersOf(models: readonly OrganModel[], organ: OrganNumber): OrganModel[] {
  return models.filter(({ organs }) => organs.includes(organ));
}

function allOrgans(count: number): OrganNumber[] {
  return Array.from({ length: count }, (_, i) => i + 1);
}
