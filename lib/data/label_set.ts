/**
 * Which organs are annotated in a case, and how label maps are encoded for training.
 *
 * Organs are numbered 1…K by their place in the study's vocabulary; 0 is background. A label map holds one
 * code a voxel. A dataset that labels several organs as one has a *group* of them (groups.ts), whose codes follow those of
 * organs: {@linkcode FIRST_GROUP} to {@linkcode LAST_GROUP}. Two codes are neither:
 *
 * - {@linkcode UNCERTAIN}: none of the organs with a *true* label here, but perhaps an unlabelled one
 *   (a pseudo label was not sure enough, METHOD section 1);
 * - {@linkcode IGNORED}: anything (padding, not annotated, not scribbled): outside every loss and every score.
 *
 * @module
 */

/** An organ's number in the study's vocabulary, 1…K. */
export type OrganNumber = number;

/** The organs and groups annotated in a case, ascending. What is in the label set may still be invisible in the scan. */
export type LabelSet = readonly OrganNumber[];

/** Codes of groups; organs have 1…200. */
export const FIRST_GROUP = 201;
export const LAST_GROUP = 253;

/** The voxel is none of the truly labelled organs; what else it is, is unknown. */
export const UNCERTAIN = 254;

/** Nothing is known of the voxel. */
export const IGNORED = 255;

/**
 * A prediction as far as the truth can judge it: IGNORED where the truth is, so that no organ is found or missed there.
 *
 * @param prediction label codes or channels, any shape
 * @param truth label codes, same shape
 */
export function judgedPart(prediction: Uint8Array, truth: Uint8Array): Uint8Array {
  return truth.includes(IGNORED)
    ? prediction.map((code, voxel) => truth[voxel] === IGNORED ? IGNORED : code)
    : prediction;
}
