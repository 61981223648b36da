import { assertEquals } from "@std/assert";
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { batchDice } from "../../lib/losses/batch_dice.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { assertNoLeak, batchTargets, logitsOf } from "../support/losses/tiny_batch.ts";

Deno.test("batchDice counts labelled samples and voxels alone", () => {
  const targets = batchTargets([[1, 1, 0, 255], [1, 0, 0, 2]], [[1], [2]], { channels: [1, 2, 3] });
  // Sample 1: organ 1 found in voxels 1 and 3 (Dice 2·1 / (2 + 2)), an ignored voxel. Sample 2 has a label for organ 2 alone.
  const logits = tf.reshape(
    logitsOf([
      [0, 1, 0, 0],
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 1, 0, 0],
      [0, 1, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 0, 1],
      [0, 0, 1, 0],
    ]),
    [2, 1, 1, 4, 4],
  ) as Tensor5D;
  assertEquals([...batchDice(logits, targets)], [[1, 0.5], [2, 1]]);
  assertNoLeak(() => void batchDice(logits, targets));
  tf.dispose([logits, targets.map.hot]);
});
