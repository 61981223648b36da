/**
 * Which levels of a network deep supervision teaches. Nothing here loads TensorFlow.
 *
 * @module
 */

/**
 * Levels of the decoder below full resolution, which is 0, that labels teach, too: all but the lowest one, to which nnU-Net gives no
 * weight (Isensee et al. 2021; METHOD section 0, deep supervision). The deepest level of all is none of the decoder's.
 *
 * @param levels number of the network's levels, full resolution and the deepest among them
 * @returns 1, 2, …; none of a network of three levels or fewer
 */
export function supervisedLevels(levels: number): number[] {
  return Array.from({ length: Math.max(0, levels - 3) }, (_, i) => i + 1);
}
