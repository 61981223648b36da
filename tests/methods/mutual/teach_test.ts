import { assertEquals } from "@std/assert";
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { createLessonBook } from "../../../lib/methods/mutual/lesson_book.ts";
import { teach } from "../../../lib/methods/mutual/teach.ts";
import { softmaxReadout } from "../../../lib/models/heads/softmax_head.ts";
import { tf } from "../../../lib/tensors/tf.ts";
import { tinyTargets } from "../../support/losses/tiny_batch.ts";

/** Labels of organ 1, and of a group of 2 and 3. */
const GROUP = 201;

function lessonsOf(form: "relations" | "voxel", codes: number[]) {
  const book = createLessonBook({ margin: 0 });
  book.measure("a", new Map([[1, [0.1, 0.2]], [GROUP, [0.1, 0.1]]]));
  book.measure("b", new Map([[1, [0.8, 0.7]], [GROUP, [0.9, 0.9]]]));
  let terms: string[] = [];
  tf.tidy(() => {
    const truth = tinyTargets(codes, [1, GROUP], { channels: [1, 2, 3], supersets: { [GROUP]: [2, 3] } });
    const view = (network: string, seed: number) => {
      const of = (channels: number) =>
        tf.randomNormal([1, 1, 1, codes.length, channels], 0, 1, "float32", seed);
      return { network, logits: of(4) as Tensor5D, features: of(3) as Tensor5D, readout: softmaxReadout };
    };
    terms = teach([view("a", 1), view("b", 2)], { truth, book, dataset: "d", weight: 1, form })
      .map(({ network, name, weight }) => `${network} ${name} ${weight}`);
  });
  return { rows: book.rows(), terms };
}

Deno.test("organs are taught by whoever is better at them; a group, which no model has a channel of, is not", () => {
  const { rows, terms } = lessonsOf("relations", [0, 1, 1, GROUP]);
  assertEquals(rows, [{ teacher: "b", student: "a", organ: 1, dataset: "d", lessons: 1 }]);
  assertEquals(terms, ["a feature_similarity 1", "b feature_similarity 1"]);
});

Deno.test("where raw features are compared, it is told whether they lie in one space, as far as labels show it", () => {
  const eight = (code: number) => Array.from({ length: 8 }, () => code);
  const { terms } = lessonsOf("voxel", [...eight(0), ...eight(1)]);
  assertEquals(terms, ["a feature_similarity 1", "b feature_similarity 1", "b same_label_nearest 0"]);
  assertEquals(lessonsOf("voxel", eight(0)).terms.length, 2, "one label alone tells nothing");
});
