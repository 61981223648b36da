/**
 * Scribbles for all: one network that learns from scribbles, alone or with a second decoder that it must agree with (METHOD section 2).
 *
 * @module
 */
import { uniform } from "../data/random.ts";
import type { StoredCase } from "../data/store/stored_case.ts";
import type { PreparedStudy } from "../data/store/prepared_study.ts";
import { type NetworkPlan, round, type Term, type TrainingPlan } from "../training/plan.ts";
import { cohort, learningRate, postprocessing, seed } from "./shared/common_parameters.ts";
import { defineMethod, defineStage, type Stage } from "./definition/method.ts";
import {
  atLeastOne,
  choice,
  count,
  flag,
  share,
  shareBelowOne,
  shareOfSome,
  type ValuesOf,
  weight,
  where,
} from "./definition/parameter.ts";
import { organsOf, stepsOfBothStages } from "./shared/one_network.ts";
import { streamOfEachDataset } from "./shared/streams.ts";

const areDrawn = where("scribbles is generated", ({ scribbles }) => scribbles === "generated");
const twoBranches = where("agreement is not off", ({ agreement }) => agreement !== "off");
const twoRounds = where("secondRound is on", ({ secondRound }) => secondRound === true);
const oneRound = where("secondRound is off", ({ secondRound }) => secondRound !== true);

/** METHOD section 2: of hard labels and of soft ones. */
const WEIGHTS = { off: 0, hard: 0.5, soft: 8 } as const;

const parameters = {
  cohort,
  seed,
  // Arms have equal optimiser steps: two trainings share them.
  partialOrganSteps: count(
    0,
    "optimiser steps of the first of two trainings; 0 = the cohort's of stage 1",
    twoRounds,
  ),
  fullOrganSteps: count(
    0,
    "optimiser steps of the one training; 0 = the cohort's of both stages together; of the second of two: 0 = the cohort's of stage 2",
  ),
  learningRate,
  scribbles: choice(
    ["generated", "given"],
    "generated",
    "generated = drawn into the cohort's labels of training and validation; given = labels as they are, such as drawn ones",
  ),
  scribbleLength: shareOfSome(1, "share of each line that is kept", areDrawn),
  scribbleThickness: atLeastOne(3, "voxels across a line, where the organ is wide enough", areDrawn),
  diceLoss: flag(true, "Dice of the scribbled voxels beside the cross-entropy"),
  agreement: choice(
    ["off", "hard", "soft"],
    "off",
    "a second decoder learns, too, and both from their mixture: hard = by Dice from what it decides, soft = by cross-entropy",
  ),
  agreementWeight: weight(0, "of what is learnt from the mixture; 0 = 0.5 of hard, 8 of soft", twoBranches),
  channelDropout: shareBelowOne(
    0.5,
    "share of channels that the second decoder does not see; below 1",
    twoBranches,
  ),
  secondRound: flag(
    false,
    "what the network is sure of becomes annotated, and a fresh network is trained on that",
  ),
  entropyThreshold: share(0.1, "share of the largest entropy below which the network is sure", twoRounds),
  postprocessing,
};

type Values = Pick<
  ValuesOf<typeof parameters>,
  "diceLoss" | "agreement" | "agreementWeight" | "channelDropout"
>;

export interface ScribbledInputs {
  /** Training cases of each dataset with scribbles. */
  scribbled: readonly (readonly StoredCase[])[];
  /** Validation cases of each dataset with scribbles. */
  validation: readonly (readonly StoredCase[])[];
}

const NETWORK = "network";

function scribblePlan(
  study: PreparedStudy,
  { diceLoss, agreement, agreementWeight, channelDropout }: Values,
  { scribbled, validation }: ScribbledInputs,
): TrainingPlan {
  const organs = organsOf(study), perDataset = 1 / study.datasets.length, two = agreement !== "off";
  const network: NetworkPlan = { organs, validation: validation.flat(), ...two && { decoders: 2 } };
  return {
    networks: { [NETWORK]: network },
    streams: streamOfEachDataset(study, { cases: scribbled }),
    async objective({ random }) {
      const {
        acrossLevels,
        decidedLabels,
        labelSetCrossEntropy,
        labelSetDice,
        softCrossEntropy,
        supervision,
        targetsOf,
      } = await import("../training/losses.ts");
      const learnt = agreementWeight || WEIGHTS[agreement],
        loss = diceLoss ? supervision : labelSetCrossEntropy;
      return {
        rounds: (step) =>
          study.datasets.map(({ name: dataset }) =>
            round({
              draws: [dataset],
              looks: ([batch]) => ({
                look: {
                  network: NETWORK,
                  images: batch.tensor,
                  ...two &&
                    { dropout: { share: channelDropout, random: random(step, `channels of ${dataset}`) } },
                },
              }),
              terms({ look }, [batch]) {
                const targets = targetsOf(batch, { channels: organs }), { second } = look;
                const branches = [look, ...second ? [second] : []];
                const term = (name: string, value: Term["value"], weight: number): Term => ({
                  network: NETWORK,
                  name,
                  value,
                  weight: perDataset * weight / branches.length,
                });
                const own = branches.map((branch, index) =>
                  term(
                    index === 0 ? "own" : "own_second",
                    acrossLevels(branch, targets, (logits, labels) =>
                      loss(logits, labels, { normalise: "constrained" })),
                    1,
                  )
                );
                if (!second) {
                  return own;
                }
                const first = uniform(random(step, `mixture of ${dataset}`), [0, 1]),
                  shares = [first, 1 - first];
                const logits = branches.map(({ logits }) =>
                  logits
                );
                if (agreement === "soft") {
                  return [
                    ...own,
                    ...logits.map((one, index) =>
                      term(`agreement_${index + 1}`, softCrossEntropy(one, logits, { shares }), learnt)
                    ),
                  ];
                }
                const decided = {
                  map: decidedLabels(logits, { shares, organs }),
                  labelSets: batch.labelSets.map(() => organs),
                  pseudoSets: batch.labelSets.map(() => []),
                };
                const wanted = targetsOf(decided, { channels: organs });
                return [
                  ...own,
                  ...logits.map((one, index) =>
                    term(`agreement_${index + 1}`, labelSetDice(one, wanted), learnt)
                  ),
                ];
              },
            })
          ),
      };
    },
  };
}

/** A training on annotated voxels alone. */
function trainingOn(
  name: string,
  { steps, cohortSteps }: Pick<Stage<typeof parameters>, "steps" | "cohortSteps">,
) {
  return defineStage(parameters, {
    name,
    version: 1,
    steps,
    uses: ["diceLoss", "agreement", "agreementWeight", "channelDropout"],
    inputs: ["scribbled", "validation"],
    cohortSteps,
    plan: scribblePlan,
  });
}

const only = trainingOn("scribbles_network", { steps: "fullOrganSteps", cohortSteps: stepsOfBothStages });
const first = trainingOn("scribbles_first", {
  steps: "partialOrganSteps",
  cohortSteps: ({ training }) => training.partialOrganSteps,
});
const second = trainingOn("scribbles_second", {
  steps: "fullOrganSteps",
  cohortSteps: ({ training }) => training.fullOrganSteps,
});

export const scribblesForAll = defineMethod({
  name: "scribbles_for_all",
  version: 2,
  title: "Scribbles",
  says: "one network that learns from scribbles",
  about:
    "One network on scribbles in place of dense labels, drawn into them by rule or given: cross-entropy and Dice of the voxels that are scribbled. " +
    "With agreement, a second decoder behind dropout of channels learns beside the first, and both learn from their mixture where nothing is scribbled.",
  source: "METHOD section 2; arXiv 2408.12489",
  parameters,
  stages: {
    network: { stage: only, when: oneRound },
    first: { stage: first, when: twoRounds },
    second: { stage: second, when: twoRounds },
  },
  arms: {
    scribbles_cross_entropy: {
      title: "Scribbles, cross-entropy alone",
      says: "the same without Dice",
      about: "The same network by the cross-entropy of scribbled voxels alone.",
      set: { diceLoss: false },
    },
    scribbles_hard: {
      title: "Scribbles, two decoders, hard mixture",
      says: "two decoders that learn from what their mixture decides",
      about:
        "Two decoders on one encoder; both learn by Dice from what a random mixture of their predictions decides.",
      set: { agreement: "hard" },
    },
    scribbles_soft: {
      title: "Scribbles, two decoders, soft mixture",
      says: "two decoders that learn from their mixture's probabilities",
      about:
        "Two decoders on one encoder; both learn by cross-entropy from the probabilities of a random mixture of their predictions.",
      set: { agreement: "soft" },
    },
    scribbles_second_round: {
      title: "Scribbles, two rounds",
      says:
        "two decoders with a soft mixture, twice: what the first network is sure of is annotated for the second",
      about:
        "Two decoders that learn from their mixture's probabilities; what they are sure of is added to the scribbles, and a fresh network with two decoders is trained on that. Both trainings together have the steps of the others' one.",
      set: { agreement: "soft", secondRound: true },
    },
  },
});
