/**
 * Label codes on a coarser grid.
 *
 * @module
 */
/** [batch, depth, height, width] */
type CodesShape = readonly [batch: number, depth: number, height: number, width: number];

/**
 * Of each block of the strides' size the code of one voxel, number ⌊s/2⌋ of the block along each axis of stride s, from 0: the one nearest
 * to the block's middle, of two the hinder one, which is the middle of what a convolution of stride 2 sees there (METHOD section 0,
 * deep supervision). Codes are not mixed, so they mean what they meant.
 *
 * @param codes [batch, depth, height, width]; sizes are multiples of the strides
 * @param strides [depth, height, width]
 */
export function coarserCodes(
  codes: Uint8Array,
  [batch, ...sizes]: CodesShape,
  strides: readonly [depth: number, height: number, width: number],
): { codes: Uint8Array; shape: CodesShape } {
  const [depth, height, width] = sizes;
  const [z, y, x] = strides.map((stride, axis) => sizes[axis]! / stride) as [number, number, number];
  const [atZ, atY, atX] = strides.map((stride) => Math.floor(stride / 2)) as [number, number, number];
  const coarser = new Uint8Array(batch * z * y * x);
  let to = 0;
  for (let sample = 0; sample < batch; sample++) {
    for (let i = 0; i < z; i++) {
      const plane = (sample * depth + i * strides[0] + atZ) * height;
      for (let j = 0; j < y; j++) {
        const row = (plane + j * strides[1] + atY) * width + atX;
        for (let k = 0; k < x; k++) coarser[to++] = codes[row + k * strides[2]]!;
      }
    }
  }
  return { codes: coarser, shape: [batch, z, y, x] };
}
