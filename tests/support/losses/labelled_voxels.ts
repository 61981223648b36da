/** Labelled voxels for a model of organs 1, 2 and 3: on them the cross-entropies of partial labels are tried. */
import { assertEquals } from "@std/assert";
import type { Scalar, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { IGNORED, UNCERTAIN } from "../../../lib/data/label_set.ts";
import type { AllowedTableOptions, LabelTargets } from "../../../lib/losses/allowed.ts";
import { tf } from "../../../lib/tensors/tf.ts";
import { assertNoLeak, batchTargets, seededNormal, tinyTargets, valueAndGradient } from "./tiny_batch.ts";

/** The model's organs. */
export const channels = [1, 2, 3];

/** One voxel with a code, in a case with a label set; `kept` is the probability that a model keeps the label. */
export type VoxelRow = [
  name: string,
  trueSet: number[],
  code: number,
  kept: number,
  options?: Partial<AllowedTableOptions>,
];

/** A test of each row. */
export function testVoxels(
  what: string,
  rows: VoxelRow[],
  check: (targets: LabelTargets, kept: number) => void,
): void {
  for (const [name, trueSet, code, kept, options] of rows) {
    Deno.test(`${what} of one voxel: ${name}`, () => {
      tf.tidy(() => check(tinyTargets([code], trueSet, { channels, ...options }), kept));
    });
  }
}

/** Two samples of six voxels with every kind of label: true, foreign, pseudo, coarser, uncertain and ignored. */
export function everyKindOfLabel(): LabelTargets {
  const codes = [[0, 1, 2, UNCERTAIN, IGNORED, 3], [0, 1, 5, 4, 0, IGNORED]];
  return batchTargets(codes, [[1], [2, 5]], {
    channels,
    pseudo: { organs: [3], weight: 0.5 },
    supersets: { 4: [1, 2] },
  });
}

/**
 * Two runs have the same bits, and leave nothing behind.
 *
 * @param options.classes channels of the head
 */
export function assertRepeatable(
  loss: (logits: Tensor5D, targets: LabelTargets) => Scalar,
  { classes }: { classes: number },
): void {
  const logits = seededNormal([1, 1, 1, 8, classes], 4);
  const step = () =>
    tf.tidy(() => {
      const targets = batchTargets([[0, 1, 2, 3, 0, 0, 1, 255]], [[1, 2]], { channels });
      return valueAndGradient((z) => loss(z, targets), logits);
    });
  assertNoLeak(() => void step());
  assertEquals(step(), step());
  logits.dispose();
}
