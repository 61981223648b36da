import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { Scalar, Tensor, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { IGNORED, UNCERTAIN } from "../../lib/data/label_set.ts";
import { coarserCodes } from "../../lib/data/patches/coarser_codes.ts";
import { acrossLevels } from "../../lib/losses/across_levels.ts";
import { allowedTable, type LabelTargets, labelTargets } from "../../lib/losses/allowed.ts";
import { createLabelMap, type LabelMap, type LabelShape } from "../../lib/losses/label_map.ts";
import { labelSetCrossEntropy } from "../../lib/losses/label_set_cross_entropy.ts";
import { partialLoss } from "../../lib/losses/partial/partial_loss.ts";
import { PARTIAL_LOSSES } from "../../lib/losses/partial/partial_loss_kind.ts";
import { supervision } from "../../lib/losses/supervision.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { checkGradient } from "../support/losses/finite_difference.ts";
import { assertNoLeak, logitsOf, seededNormal } from "../support/losses/tiny_batch.ts";

const SHAPE: LabelShape = [1, 1, 1, 8];

/** A row of eight voxels, and its grids of four and of two. */
function levelledMap(codes: number[]): LabelMap {
  const lower = [2, 4].map((stride) => {
    const coarser = coarserCodes(Uint8Array.from(codes), SHAPE, [1, 1, stride]);
    return createLabelMap(coarser.codes, coarser.shape);
  });
  return { ...createLabelMap(Uint8Array.from(codes), SHAPE), lower };
}

function levelledTargets(codes: number[], channels: number[], trueSet = channels): LabelTargets {
  return labelTargets(levelledMap(codes), [allowedTable(trueSet, { channels })]);
}

const hotsOf = ({ map }: { map: LabelMap }) => [map, ...map.lower!].map(({ hot }) => hot);

/** All voxels have the same p. */
const constant = (voxels: number, p: number[]) => logitsOf(Array.from({ length: voxels }, () => p));

Deno.test("acrossLevels by hand: levels weigh 4/7, 2/7 and 1/7, each with the labels of its grid", () => {
  tf.tidy(() => {
    // On the grid of four 1, 1, 0 and 0; on that of two 0 and 1: the voxels 2 and 6.
    const targets = levelledTargets([0, 1, 0, 1, 0, 0, 1, 0], [1]);
    const lower = [constant(4, [0.8, 0.2]), constant(2, [0.5, 0.5])];
    const value = acrossLevels({ logits: constant(8, [0.6, 0.4]), lower }, targets, labelSetCrossEntropy);
    const [full, four, two] = [
      -(5 * Math.log(0.6) + 3 * Math.log(0.4)) / 8,
      -(2 * Math.log(0.8) + 2 * Math.log(0.2)) / 4,
      -Math.log(0.5),
    ] as const;
    assertAlmostEquals(value.dataSync()[0], (4 * full + 2 * four + two) / 7, 1e-6);
    const one = acrossLevels(
      { logits: constant(8, [0.6, 0.4]), lower: lower.slice(0, 1) },
      targets,
      labelSetCrossEntropy,
    );
    assertAlmostEquals(one.dataSync()[0], (2 * full + four) / 3, 1e-6);
  });
});

Deno.test("acrossLevels: what is ignored, undecided or without a label counts on each grid as at full resolution", () => {
  tf.tidy(() => {
    const [p, q] = [[0.5, 0.3, 0.2], [0.25, 0.25, 0.5]] as const;
    // Of organs 1 and 2 only 1 is labelled. The grid of four has IGNORED, 1, UNCERTAIN and 0, that of two IGNORED and 0.
    const codes = [0, IGNORED, IGNORED, 1, 0, UNCERTAIN, 0, 0];
    const targets = levelledTargets(codes, [1, 2], [1]);
    const said = { logits: constant(8, [...p]), lower: [constant(4, [...q]), constant(2, [...q])] };
    const value = acrossLevels(said, targets, labelSetCrossEntropy);
    // Background and what is undecided are 0 or 2; divided by voxels that are not ignored.
    const full = -(Math.log(0.3) + 5 * Math.log(0.7)) / 6;
    const four = -(Math.log(0.25) + 2 * Math.log(0.75)) / 3;
    const two = -Math.log(0.75);
    assertAlmostEquals(value.dataSync()[0], (4 * full + 2 * four + two) / 7, 1e-6);
  });
});

Deno.test("acrossLevels: a group of organs is the sum of its organs on each grid", () => {
  tf.tidy(() => {
    const group = 201, map = levelledMap([0, group, 0, 0, 0, 0, 0, group]);
    const targets = labelTargets(map, [
      allowedTable([group], { channels: [1, 2], supersets: { [group]: [1, 2] } }),
    ]);
    const said = {
      logits: constant(8, [0.5, 0.3, 0.2]),
      lower: [constant(4, [0.6, 0.3, 0.1]), constant(2, [0.9, 0.05, 0.05])],
    };
    const value = acrossLevels(said, targets, labelSetCrossEntropy);
    const full = -Math.log(0.5), four = -(2 * Math.log(0.4) + 2 * Math.log(0.6)) / 4, two = -Math.log(0.9);
    assertAlmostEquals(value.dataSync()[0], (4 * full + 2 * four + two) / 7, 1e-6);
  });
});

Deno.test("acrossLevels: without lower levels it is the loss, called once with the very logits and labels", () => {
  tf.tidy(() => {
    const targets = levelledTargets([0, 1, 0, 1, 0, 0, 1, 0], [1]), logits = seededNormal([1, 1, 1, 8, 2], 1);
    const calls: unknown[][] = [];
    const result = tf.scalar(0.1);
    for (const said of [{ logits }, { logits, lower: [] }, { logits, lower: undefined }]) {
      const value = acrossLevels(said, targets, (...given) => (calls.push(given), result));
      assert(value === result);
    }
    assertEquals(calls.length, 3);
    assert(calls.every(([z, labels]) => z === logits && labels === targets));
  });
});

Deno.test("acrossLevels: labels of whatever kind keep all but their map", () => {
  tf.tidy(() => {
    const map = levelledMap([0, 1, 0, 1, 0, 0, 1, 0]);
    const seen: { map: LabelMap; name: string }[] = [];
    const lower = [constant(4, [1, 0]), constant(2, [1, 0])];
    acrossLevels({ logits: constant(8, [1, 0]), lower }, { map, name: "batch" }, (logits, labels) => {
      assertEquals(logits.shape.slice(0, 4), [...labels.map.shape]);
      seen.push(labels);
      return tf.scalar(1);
    });
    assertEquals(seen.map(({ name, map: { shape } }) => [name, shape[3]]), [["batch", 4], ["batch", 2], [
      "batch",
      8,
    ]]);
  });
});

Deno.test("acrossLevels: each partial loss has a gradient by each level, of finite differences; no leak", () => {
  const codes = [0, 1, 0, 1, 3, 0, 2, UNCERTAIN];
  for (const kind of PARTIAL_LOSSES) {
    const { loss } = partialLoss(kind, { dice: true }), channels = kind === "binary" ? 2 : 3;
    const levels = [8, 4, 2].map((voxels, i) => seededNormal([1, 1, 1, voxels, channels], i + 1));
    const lossOf = (...[logits, ...lower]: Tensor[]) => {
      const targets = levelledTargets(codes, [1, 2], [1, 2, 3]);
      return acrossLevels(
        { logits: logits as Tensor5D, lower: lower as Tensor5D[] },
        targets,
        loss,
      ) as Scalar;
    };
    tf.tidy(() => {
      levels.forEach((level, at) => {
        checkGradient((x) => lossOf(...levels.map((other, i) => i === at ? x : other)), level, {
          tolerance: 0.02,
        });
      });
    });
    assertNoLeak(() => tf.tidy(() => void tf.grads(lossOf)(levels)));
    levels.forEach((level) => level.dispose());
  }
});

Deno.test("acrossLevels leaves nothing but its value", () => {
  const targets = levelledTargets([0, 1, 0, 1, 0, 0, 1, 0], [1]);
  const said = { logits: constant(8, [0.6, 0.4]), lower: [constant(4, [0.6, 0.4]), constant(2, [0.6, 0.4])] };
  assertNoLeak(() => acrossLevels(said, targets, supervision));
  tf.dispose([said.logits, ...said.lower, ...hotsOf(targets)]);
});

Deno.test("acrossLevels: a level without labels on its grid is refused", () => {
  tf.tidy(() => {
    const targets = levelledTargets([0, 1, 0, 1, 0, 0, 1, 0], [1]);
    assertThrows(
      () => acrossLevels({ logits: constant(8, [1, 0]), lower: [constant(3, [1, 0])] }, targets, supervision),
      Error,
      "Cannot supervise lower levels: there must be labels on the grid [1,1,1,3], they are on [1,1,1,8], [1,1,1,4], [1,1,1,2]",
    );
  });
});
