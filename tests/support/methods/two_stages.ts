/**
 * A method that the registry does not have, with what registered ones lack: its second stage starts from the model of the first, and
 * no term is called "own".
 */
import { cohort, learningRate, seed, stepsOfBoth } from "../../../lib/methods/shared/common_parameters.ts";
import { defineMethod, defineStage, type Method } from "../../../lib/methods/definition/method.ts";
import { choice } from "../../../lib/methods/definition/parameter.ts";
import { oneNetworkPlan, stepsOfBothStages } from "../../../lib/methods/shared/one_network.ts";
import { round } from "../../../lib/training/plan.ts";
import type { TrainedModel } from "../../../lib/training/train.ts";

const parameters = {
  cohort,
  seed,
  warmUpSteps: stepsOfBoth,
  lessonSteps: stepsOfBoth,
  learningRate,
  lesson: choice(["sure", "unsure"], "sure", "what the second stage learns"),
};

const first = defineStage(parameters, {
  name: "warm_up",
  version: 1,
  steps: "warmUpSteps",
  uses: [],
  cohortSteps: stepsOfBothStages,
  plan: (study) =>
    oneNetworkPlan(study, {
      name: "single",
      async loss() {
        const { supervision, targetsOf } = await import("../../../lib/training/losses.ts");
        const channels = study.organs.map(({ number }) => number);
        return (logits, batch) => supervision(logits, targetsOf(batch, { channels }));
      },
    }),
});

interface Inputs {
  teachers: readonly TrainedModel[];
}

const second = defineStage<typeof parameters, "lesson", Inputs>(parameters, {
  name: "lesson",
  version: 1,
  inputs: ["teachers"],
  steps: "lessonSteps",
  uses: ["lesson"],
  cohortSteps: stepsOfBothStages,
  plan(study, { lesson }, { teachers: [teacher] }) {
    const plan = first.plan(study, {}),
      network = { ...plan.networks.single!, from: teacher!, supervised: false };
    return {
      ...plan,
      networks: { single: network },
      async objective() {
        const { tf } = await import("../../../lib/tensors/tf.ts");
        const sign = lesson === "sure" ? -1 : 1;
        return {
          rounds: () =>
            study.datasets.map(({ name }) =>
              round({
                draws: [name],
                looks: ([{ tensor }]) => ({ look: { network: "single", images: tensor } }),
                terms: ({ look: { logits } }) => [{
                  network: "single",
                  name: lesson,
                  value: tf.mean(tf.square(tf.softmax(logits))).asScalar(),
                  weight: sign,
                }],
              })
            ),
        };
      },
    };
  },
});

export const twoStages = defineMethod({
  name: "two_stages",
  version: 1,
  title: "Two stages",
  says: "a second stage that starts from the first's model",
  about: "A second stage that starts from the first's model.",
  source: "none",
  parameters,
  stages: { warm_up: { stage: first }, lesson: { stage: second } },
}) as unknown as Method;
