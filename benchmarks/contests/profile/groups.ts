/**
 * What kernels are for.
 *
 * @module
 */

/** Groups of a profile, in the order of its figure. */
export const GROUPS = ["convolutions", "norms", "activations", "copies", "losses and optimiser"] as const;

const KERNELS: [RegExp, typeof GROUPS[number]][] = [
  [/^Conv[23]D/, "convolutions"],
  [/^FusedBatchNorm/, "norms"],
  [/^LeakyRelu/, "activations"],
  [/^(ConcatV2|SplitV?|Slice|Cast|Transpose|Reshape|Identity|Pack|Unpack)$/, "copies"],
];

export function groupOf(kernel: string): typeof GROUPS[number] {
  return KERNELS.find(([pattern]) => pattern.test(kernel))?.[1] ?? "losses and optimiser";
}
