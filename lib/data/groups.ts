/**
 * Coarser labels: a group of organs that a dataset labels as one, such as the kidneys where the study's organs are the left and
 * the right one.
 *
 * @module
 */
import type { LabelSet, OrganNumber } from "./label_set.ts";

/** The study's groups: code (from FIRST_GROUP on) → its organs. */
export type Groups = Readonly<Record<number, readonly OrganNumber[]>>;

/** The organs that labels cover (the leaves of METHOD section 0), ascending: an organ itself, of a group its organs. */
export function leavesOf(labels: LabelSet, groups: Groups = {}): OrganNumber[] {
  return [...new Set(labels.flatMap((label) => groups[label] ?? [label]))].sort((a, b) => a - b);
}

/** The labels that lie within the organs: those that a model of these organs can be judged by. */
export function labelsWithin(labels: LabelSet, organs: LabelSet, groups?: Groups): LabelSet {
  return labels.filter((label) => leavesOf([label], groups).every((organ) => organs.includes(organ)));
}

/**
 * Where a map shows a label: an organ's voxels, of a group the union of its organs and of the groups within it.
 *
 * @param codes label codes, any shape
 * @returns 1 there and 0 elsewhere, same shape
 */
export function maskOfLabel(codes: Uint8Array, label: number, groups: Groups = {}): Uint8Array {
  const leaves = leavesOf([label], groups);
  const within = new Uint8Array(256);
  for (const code of [...leaves, ...labelsWithin(Object.keys(groups).map(Number), leaves, groups)]) {
    within[code] = 1;
  }
  return codes.map((code) => within[code]!);
}
