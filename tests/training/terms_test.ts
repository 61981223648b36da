/** Terms that could not become a row of history.csv are refused. */
import type { Scalar } from "@tensorflow/tfjs-node-gpu";
import { assertThrows } from "@std/assert";
import { historyToCsv } from "../../lib/runs/tables/history.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { disposeLearner } from "../../lib/training/learner.ts";
import type { Term } from "../../lib/training/plan.ts";
import { assertLeavesNoTensors, tinyBatch, tinyLearner } from "../support/training/tiny_learners.ts";
import { learnTogether } from "../support/training/tiny_rounds.ts";

const columns = historyToCsv([]).trim().split(",");

const faults: [title: string, change: (term: Term) => object, message: string][] = [
  [
    "of a network that there is not",
    () => ({ network: "student1" }),
    'Cannot train: the network of term own must be one of student, teacher, current value is "student1": ' +
    "did you mean student?",
  ],
  ...columns.map((name): typeof faults[number] => [
    `called ${name}`,
    () => ({ name }),
    `Cannot train model student: a term must not be called like a column that history.csv has (${
      columns.join(", ")
    }), current name is ${name}`,
  ]),
  [
    "whose value is no scalar",
    ({ value }) => ({ value: tf.reshape(value, [1, 1]) }),
    "Cannot train model student: the value of term own must be a scalar, its shape is [1,1]",
  ],
  [
    "whose value is a number",
    () => ({ value: 1 }),
    "Cannot train model student: the value of term own must be a scalar, current value is 1",
  ],
];
for (const [title, change, message] of faults) {
  Deno.test(`a term ${title} is refused, and no tensor is left`, async () => {
    const learners = [tinyLearner("student"), tinyLearner("teacher")];
    await assertLeavesNoTensors(() => {
      assertThrows(
        () =>
          learnTogether(tinyBatch({ key: 1 }), learners, {
            terms: ([view]) => {
              const value = tf.mean(view!.logits) as Scalar;
              const term: Term = { network: "student", name: "own", value, weight: 1 };
              return [{ ...term, ...change(term) }];
            },
          }),
        Error,
        message,
      );
    });
    learners.forEach(disposeLearner);
  });
}
