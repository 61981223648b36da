/**
 * Scribbles for all: one network that learns from scribbles, alone or with a second decoder that it must agree with (METHOD section 2).
 *
 * @module
 */
import { uniform } from "../data/random.ts";
import type { StoredCase } from "../data/store/stored_case.ts";
import { type NetworkPlan, round, type Term } from "../training/plan.ts";
import { cohort, learningRate, postprocessing, seed, stepsOfBoth } from "./shared/common_parameters.ts";
import { defineMethod, defineStage } from "./definition/method.ts";
import { choice, count, flag, share, weight, where } from "./definition/parameter.ts";
import { organsOf, stepsOfBothStages } from "./shared/one_network.ts";
import { streamOfEachDataset } from "./shared/streams.ts";

const areDrawn = where("scribbles is generated", ({ scribbles }) => scribbles === "generated");
const twoBranches = where("agreement is not off", ({ agreement }) => agreement !== "off");

/** METHOD section 2: of hard labels and of soft ones. */
const WEIGHTS = { off: 0, hard: 0.5, soft: 8 } as const;

const parameters = {
  cohort,
  seed,
  fullOrganSteps: stepsOfBoth,
  learningRate,
  scribbles: choice(
    ["generated", "given"],
    "generated",
    "generated = drawn into the cohort's labels of training and validation; given = labels as they are, such as drawn ones",
  ),
  scribbleLength: share(1, "share of each line that is kept", areDrawn),
  scribbleThickness: count(3, "voxels across a line, where the organ is wide enough", areDrawn),
  diceLoss: flag(true, "Dice of the scribbled voxels beside the cross-entropy"),
  agreement: choice(
    ["off", "hard", "soft"],
    "off",
    "a second decoder learns, too, and both from their mixture: hard = by Dice from what it decides, soft = by cross-entropy",
  ),
  agreementWeight: weight(0, "of what is learnt from the mixture; 0 = 0.5 of hard, 8 of soft", twoBranches),
  channelDropout: share(0.5, "share of channels that the second decoder does not see; below 1", twoBranches),
  postprocessing,
};

export interface ScribbledInputs {
  /** Training cases of each dataset with scribbles. */
  scribbled: readonly (readonly StoredCase[])[];
  /** Validation cases of each dataset with scribbles. */
  validation: readonly (readonly StoredCase[])[];
}

const NETWORK = "network";

const stage = defineStage(parameters, {
  name: "scribbles_network",
  version: 1,
  steps: "fullOrganSteps",
  uses: ["diceLoss", "agreement", "agreementWeight", "channelDropout"],
  inputs: ["scribbled", "validation"],
  cohortSteps: stepsOfBothStages,
  plan(
    study,
    { diceLoss, agreement, agreementWeight, channelDropout },
    { scribbled, validation }: ScribbledInputs,
  ) {
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
  },
});

export const scribblesForAll = defineMethod({
  name: "scribbles_for_all",
  version: 1,
  title: "Scribbles",
  says: "one network that learns from scribbles",
  about:
    "One network on scribbles in place of dense labels, drawn into them by rule or given: cross-entropy and Dice of the voxels that are scribbled. " +
    "With agreement, a second decoder behind dropout of channels learns beside the first, and both learn from their mixture where nothing is scribbled.",
  source: "METHOD section 2; arXiv 2408.12489",
  parameters,
  stages: { network: { stage } },
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
  },
});
