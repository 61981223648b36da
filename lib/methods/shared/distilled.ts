/**
 * One network that has learnt what several predict together, so that inference costs as much as of one (METHOD section 1,
 * inference).
 *
 * @module
 */
import type { StoredCase } from "../../data/store/stored_case.ts";
import { bestOf } from "../../models/inference_rule.ts";
import { type NetworkPlan, round } from "../../training/plan.ts";
import type { TrainedModel } from "../../training/train.ts";
import { defineStage } from "../definition/method.ts";
import type { ParameterTable } from "../definition/parameter.ts";
import { distilSteps, inference, learningRate, seed } from "./common_parameters.ts";
import { organsOf, validationOf } from "./one_network.ts";
import { looksAt, streamOfEachDataset } from "./streams.ts";

const parameters = { seed, learningRate, inference, distilSteps } satisfies ParameterTable;

export interface DistilledInputs {
  /** Training cases of each dataset with pseudo labels. */
  completed: readonly (readonly StoredCase[])[];
  /** The models that predict together. */
  team: readonly TrainedModel[];
}

const STUDENT = "distilled";

/**
 * The loss is the cross-entropy with the mean of what the team predicts, averaged over datasets; the student starts as the model of
 * the team that is best on validation.
 */
export const distilled = defineStage(parameters, {
  name: "distilled",
  version: 1,
  steps: "distilSteps",
  uses: [],
  inputs: ["completed", "team"],
  cohortSteps: ({ training }) => Math.ceil(training.fullOrganSteps / 2),
  plan(study, _values, { completed, team }: DistilledInputs) {
    const organs = organsOf(study), weight = 1 / study.datasets.length;
    const teachers = Object.fromEntries(
      team.map((from): [string, NetworkPlan] => [`${from.name} teaches`, { organs, role: "frozen", from }]),
    );
    const names = Object.keys(teachers), best = bestOf(team);
    return {
      networks: {
        [STUDENT]: { organs, supervised: false, validation: validationOf(study), ...best && { from: best } },
        ...teachers,
      },
      streams: streamOfEachDataset(study, { cases: completed }),
      // A look without a way back costs a third.
      looksPerStep: study.datasets.length * (1 + names.length / 3),
      async objective() {
        const { softCrossEntropy } = await import("../../training/losses.ts");
        return {
          rounds: () =>
            study.datasets.map(({ name: dataset }) =>
              round({
                draws: [dataset],
                looks: ([batch]) => looksAt(batch, [STUDENT, ...names]),
                terms: (views) => {
                  const seen = names.map((name) => views[name]!.logits);
                  const value = softCrossEntropy(views[STUDENT]!.logits, seen);
                  return [{ network: STUDENT, name: "own", value, weight }];
                },
              })
            ),
        };
      },
    };
  },
});
