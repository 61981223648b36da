/** The loss that nnU-Net's trainer has, computed by it (tests/peers/nnunet.py), is ours. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { FIRST_GROUP, IGNORED } from "../../../../lib/data/label_set.ts";
import { createLabelMap, type LabelShape } from "../../../../lib/losses/label_map.ts";
import { supervision } from "../../../../lib/losses/supervision.ts";
import { tf } from "../../../../lib/tensors/tf.ts";
import { targetsOf } from "../../../../lib/training/batch_targets.ts";
import { valueAndGradient } from "../../../support/losses/tiny_batch.ts";

interface Row {
  name: string;
  share: number | null;
  /** Label values annotated in each case: organs 1 to 4; 5 is organs 2 and 3 as one. */
  labelSets: number[][];
  /** Label values of each case's voxels; 6 is not annotated. */
  values: number[][];
  /** [batch, voxel, channel] */
  logits: number[];
  loss: number;
  gradient: number[];
}

const read = (path: string) => Deno.readTextFileSync(new URL(path, import.meta.url));
const { rows, trainer }: { rows: Row[]; trainer: string } = JSON.parse(
  read("../../../fixtures/nnunet_loss.json"),
);
const [GROUP, NOT_ANNOTATED] = [5, 6], organs = [1, 2, 3, 4];
const codeOf = (value: number) => value === GROUP ? FIRST_GROUP : value === NOT_ANNOTATED ? IGNORED : value;

for (const { name, share, labelSets, values, logits, loss, gradient } of rows) {
  Deno.test(`nnU-Net's trainer has the loss of single_marginal: ${name}${share ? ", balanced" : ""}`, () => {
    const shape: LabelShape = [values.length, 1, 1, values[0]!.length];
    const ours = tf.tidy(() => {
      const map = createLabelMap(Uint8Array.from(values.flat(), codeOf), shape);
      const batch = {
        map,
        labelSets: labelSets.map((set) => set.map(codeOf)),
        pseudoSets: labelSets.map(() => []),
        groups: { [FIRST_GROUP]: [2, 3] },
        foregroundShare: share ?? undefined,
      };
      const z = tf.tensor5d(logits, [...shape, organs.length + 1]);
      return valueAndGradient((z: Tensor5D) => supervision(z, targetsOf(batch, { channels: organs })), z);
    });
    assertAlmostEquals(ours.value, loss, 1e-5);
    ours.gradient.forEach((slope, index) => assertAlmostEquals(slope, gradient[index]!, 1e-5, `${index}`));
  });
}

Deno.test("the stored losses are of the trainer as it is; another one wants python tests/peers/nnunet.py", async () => {
  const file = new URL("../../../../lib/workbench/export/nnunet/consilium_trainer.py", import.meta.url);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await Deno.readFile(file))).toHex();
  assertEquals(trainer, hash);
  assert(rows.some(({ loss }) => loss > 1));
});
