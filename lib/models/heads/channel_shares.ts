/**
 * How much each channel of a datasets head counts for each organ. Nothing here loads TensorFlow.
 *
 * @module
 */

/**
 * [channel][organ]: an organ is the mean of its channels.
 *
 * @param owners of each channel its organ's place, from 1 on
 * @throws Error when a channel's organ is none of the network's, or an organ has no channel
 */
export function channelShares(owners: readonly number[], organs: number): number[][] {
  const counts = Array.from({ length: organs }, (_, o) => owners.filter((owner) => owner === o + 1).length);
  if (counts.includes(0) || owners.some((owner) => !(owner >= 1 && owner <= organs))) {
    throw new Error(
      `Cannot create datasets head: channels must be of organs 1 to ${organs}, each at least once, current are [${owners}]`,
    );
  }
  return owners.map((owner) =>
    Array.from({ length: organs }, (_, o) => owner === o + 1 ? 1 / counts[o]! : 0)
  );
}
