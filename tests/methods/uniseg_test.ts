import { assertAlmostEquals, assertEquals } from "@std/assert";
import { IGNORED } from "../../lib/data/label_set.ts";
import { allowedTable, labelTargets } from "../../lib/losses/allowed.ts";
import { createLabelMap } from "../../lib/losses/label_map.ts";
import { organCrossEntropy } from "../../lib/losses/partial/organ_cross_entropy.ts";
import { RelationBook } from "../../lib/methods/uniseg/relation_book.ts";
import { nullWanted, plainWanted, relationalWanted } from "../../lib/methods/uniseg/wanted.ts";
import { uniseg } from "../../lib/methods/uniseg/uniseg.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { checkGradient } from "../support/losses/finite_difference.ts";
import { assertNoLeak } from "../support/losses/tiny_batch.ts";
import { identityOf, inTinyWorld, trainAll } from "../support/methods/conformance.ts";
import { memoryRecorder } from "../support/training/memory_recorder.ts";

/** A case that labels organs 1 and 2 of three. */
const table = allowedTable([1, 2], { channels: [1, 2, 3] });
const relations = [{ dataset: "A", organ: 1, cosines: [0.9, 0.6, 0.7] }, {
  dataset: "A",
  organ: 2,
  cosines: [0.1, 0.9, 0.4],
}];
const related = relationalWanted(relations, { threshold: 0.5 });

Deno.test("what is wanted of classes at each label", () => {
  const wanted = (of: typeof nullWanted, code: number) =>
    [1, 2, 3].map((channel) => of(table, code, channel));
  assertEquals(wanted(plainWanted, 1), [1, 0, 0]);
  assertEquals(wanted(plainWanted, 0), [0, 0, 0]);
  assertEquals(wanted(nullWanted, 1), [1, 0, undefined]);
  assertEquals(wanted(nullWanted, 0), [0, 0, undefined]);
  assertEquals(wanted(related, 1), [1, 0.6, 0.7]);
  assertEquals(wanted(related, 2), [0, 1, 0]); // 0.1 and 0.4 are below the threshold
  assertEquals(wanted(related, 0), [0, 0, undefined]);
  for (const wantedBy of [plainWanted, nullWanted, related]) {
    assertEquals(wanted(wantedBy, IGNORED), [undefined, undefined, undefined]);
  }
  // Of a label that was never seen, as null.
  assertEquals(wanted(relationalWanted([], { threshold: 0.5 }), 2), [0, 1, undefined]);
});

const codes = Uint8Array.of(1, 2, 0, IGNORED);
const targets = () => labelTargets(createLabelMap(codes, [1, 1, 1, 4]), [table]);
const logits = () => tf.tensor5d([0.3, -1, 2, 0, 0.5, 1, -2, 1, 0.7, 3, 3, 3], [1, 1, 1, 4, 3]);

Deno.test("the cross-entropy is the sum over what is wanted, by the voxels that are labelled", () => {
  const bce = (z: number, t: number) => Math.log1p(Math.exp(z)) - t * z;
  tf.tidy(() => {
    const value = organCrossEntropy(logits(), targets(), related).dataSync()[0]!;
    const sum = bce(0.3, 1) + bce(-1, 0.6) + bce(2, 0.7) + bce(0, 0) + bce(0.5, 1) + bce(1, 0) + bce(-2, 0) +
      bce(1, 0);
    assertAlmostEquals(value, sum / 3, 1e-5);
    const plain = organCrossEntropy(logits(), targets(), plainWanted).dataSync()[0]!;
    const all = bce(0.3, 1) + bce(-1, 0) + bce(2, 0) + bce(0, 0) + bce(0.5, 1) + bce(1, 0) + bce(-2, 0) +
      bce(1, 0) + bce(0.7, 0);
    assertAlmostEquals(plain, all / 3, 1e-5);
  });
});

Deno.test("where every organ is labelled null is plain, to the bit", () => {
  tf.tidy(() => {
    const whole = labelTargets(createLabelMap(codes, [1, 1, 1, 4]), [
      allowedTable([1, 2, 3], { channels: [1, 2, 3] }),
    ]);
    const [one, other] = [nullWanted, plainWanted].map((of) =>
      organCrossEntropy(logits(), whole, of).dataSync()[0]
    );
    assertEquals(one, other);
  });
});

for (const [name, of] of Object.entries({ nullWanted, plainWanted, related })) {
  Deno.test(`the gradient of the cross-entropy equals finite differences: ${name}`, () => {
    tf.tidy(() => {
      const of_ = targets();
      checkGradient((x) => organCrossEntropy(x as ReturnType<typeof logits>, of_, of), logits());
    });
  });
}

Deno.test("relations are means over the voxels of a label, then the running mean of batches; they outlive a stop", () => {
  assertNoLeak(() =>
    tf.tidy(() => {
      const book = new RelationBook(), map = createLabelMap(Uint8Array.of(1, 1, 2, 0), [1, 1, 1, 4]);
      const see = (...cosines: number[]) =>
        book.see(tf.tensor5d(cosines, [1, 1, 1, 4, 2]), { dataset: "A", labelSets: [[1]], map });
      see(0.8, 0.2, 0.6, 0.4, 1, 1, 1, 1); // organ 2 is no class of the dataset
      assertEquals(book.save().map(({ organ }) => organ), [1]);
      const close = (wanted: number[]) =>
        book.save()[0]!.cosines.forEach((value, i) => assertAlmostEquals(value, wanted[i]!, 1e-6));
      close([0.7, 0.3]);
      see(0, 1, 0, 1, 1, 1, 1, 1);
      close([0.95 * 0.7, 0.95 * 0.3 + 0.05]);
      const other = new RelationBook();
      other.load(book.save());
      assertEquals(other.save(), book.save());
    })
  );
});

Deno.test("other relations make another second training; arms with and without relations share the first", () =>
  inTinyWorld(async ({ study }) => {
    const { first, second } = uniseg.stages;
    const of = (cosines: number[]) => [{ dataset: "a", organ: 1, cosines }];
    const identity = (relations: unknown) =>
      identityOf(study, second, { values: {}, inputs: { first: [], relations } });
    const [one, same, other] = [
      await identity(of([0.9])),
      await identity(of([0.9])),
      await identity(of([-0.9])),
    ];
    assertEquals([one === same, one === other], [true, false]);
    const begun = (targets: string) => identityOf(study, first, { values: { targets }, inputs: {} });
    assertEquals(await begun("null"), await begun("relational"));
    assertEquals(await begun("plain") === await begun("null"), false);
  }));

Deno.test("both trainings leave no tensor, and what the second one wants changes it", () =>
  inTinyWorld(async (world) => {
    const digests = async (values = {}) => {
      const recorder = memoryRecorder();
      const found = await trainAll(uniseg, world, { recorder, steps: 3, values });
      recorder.dispose();
      return found.filter((line) => line.startsWith("uniseg_second network"));
    };
    const before = tf.memory().numTensors;
    const relational = await digests({ relationThreshold: 0 }), without = await digests({ targets: "null" });
    assertEquals(relational.length, 1);
    assertEquals(relational[0] === without[0], false);
    assertEquals(tf.memory().numTensors, before);
  }));
