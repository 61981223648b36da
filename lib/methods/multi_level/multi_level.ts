/**
 * Multi-level labels: few scans show the parts of an organ, many the whole (METHOD section 5).
 *
 * @module
 */
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { chance } from "../../data/random.ts";
import { maskOfLabel } from "../../data/groups.ts";
import type { PreparedStudy } from "../../data/store/prepared_study.ts";
import { type LabelledBatch, round, type Term } from "../../training/plan.ts";
import { cohort, learningRate, postprocessing, seed, stepsOfBoth } from "../shared/common_parameters.ts";
import { defineMethod, defineStage } from "../definition/method.ts";
import { choice, flag, share, weight, where } from "../definition/parameter.ts";
import { organsOf, stepsOfBothStages, validationOf } from "../shared/one_network.ts";
import { streamOfEachDataset } from "../shared/streams.ts";
import { levelLabels } from "./level_labels.ts";

const parameters = {
  cohort,
  seed,
  fullOrganSteps: stepsOfBoth,
  learningRate,
  hierarchy: choice(
    ["leaf", "noisy_or", "hinge"],
    "leaf",
    "leaf = a group is the union of its organs; noisy_or, hinge = it has a channel of its own, tied to theirs",
  ),
  hingeWeight: weight(
    1,
    "of organs that are surer than their group",
    where("hierarchy is hinge", ({ hierarchy }) => hierarchy === "hinge"),
  ),
  prompt: flag(false, "the network is shown where the first group lies, as a channel beside the scan"),
  promptDropout: share(
    0.5,
    "share of the patches in which it is not",
    where("prompt is on", ({ prompt }) => prompt === true),
  ),
  postprocessing,
};

const NETWORK = "network";
/** What is kept of violations before a batch: that of about the last twenty. */
const KEPT = 0.95;

const stage = defineStage(parameters, {
  name: "multi_level",
  version: 1,
  steps: "fullOrganSteps",
  uses: ["hierarchy", "hingeWeight", "prompt", "promptDropout"],
  cohortSteps: stepsOfBothStages,
  lacks: ({ groups }, { hierarchy, prompt }) =>
    groups || (hierarchy === "leaf" && !prompt)
      ? undefined
      : "a level above the organs is wanted, the cohort has no groups of organs (groups)",
  plan(study, { hierarchy, hingeWeight, prompt, promptDropout }) {
    const channels = organsOf(study), perDataset = 1 / study.datasets.length, groups = study.groups ?? [];
    const form = {
      organs: channels.length,
      parts: groups.map(({ parts }) => parts.map((organ) => channels.indexOf(organ))),
    };
    const own = hierarchy === "leaf" ? {} : { head: { kind: "levels" as const, groups: groups.length } };
    return {
      networks: {
        [NETWORK]: { organs: channels, validation: validationOf(study), ...own, ...prompt && { prompts: 1 } },
      },
      streams: streamOfEachDataset(study),
      async objective({ random }) {
        const [{ acrossLevels, levelHinge, levelLoss, levelViolations, supervision, targetsOf }, { tf }] =
          await Promise.all([import("../../training/losses.ts"), import("../../tensors/tf.ts")]);
        const wanted = levelLabels(groups);
        let violations: number | undefined = hierarchy === "leaf" ? 0 : undefined;
        const imagesOf = (batch: LabelledBatch, step: number, dataset: string): Tensor5D => {
          if (!prompt) return batch.tensor;
          const drawn = random(step, `prompts of ${dataset}`);
          const mask = promptOf(batch, { study, shown: () => !chance(drawn, promptDropout) });
          return tf.tidy(() =>
            tf.concat([batch.tensor, tf.tensor5d(mask, batch.tensor.shape)], 4) as Tensor5D
          );
        };
        return {
          rounds: (step) =>
            study.datasets.map(({ name: dataset }) =>
              round({
                draws: [dataset],
                looks: ([batch]) => ({ look: { network: NETWORK, images: imagesOf(batch, step, dataset) } }),
                terms({ look }, [batch]) {
                  const term = (name: string, value: Term["value"], weight: number): Term => ({
                    network: NETWORK,
                    name,
                    value,
                    weight: perDataset * weight,
                  });
                  if (hierarchy === "leaf") {
                    const value = acrossLevels(look, targetsOf(batch, { channels }), supervision);
                    return [term("own", value, 1)];
                  }
                  const now = levelViolations(look.logits, form);
                  violations = violations === undefined ? now : KEPT * violations + (1 - KEPT) * now;
                  const noisyOr = hierarchy === "noisy_or";
                  const value = acrossLevels(
                    look,
                    targetsOf(batch, { channels }),
                    (logits, labels) => levelLoss(logits, labels, { ...form, wanted, noisyOr }),
                  );
                  return [
                    term("own", value, 1),
                    ...noisyOr ? [] : [term("hinge", levelHinge(look.logits, form), hingeWeight)],
                  ];
                },
              })
            ),
          memory: {
            save: () => ({ tensors: {}, meta: { violations } }),
            load: ({ meta }) => violations = meta.violations as number | undefined,
          },
        };
      },
    };
  },
});

/** Where the first group lies, in the samples that are shown it: [batch, depth, height, width] of 1 and 0. */
function promptOf(
  { labels, batch }: Pick<LabelledBatch, "labels" | "batch">,
  { study: { groups }, shown }: { study: Pick<PreparedStudy, "groups">; shown: () => boolean },
): Float32Array {
  const byCode = Object.fromEntries(groups!.map(({ number, parts }) => [number, parts]));
  const mask = Float32Array.from(maskOfLabel(labels, groups![0]!.number, byCode));
  const size = mask.length / batch;
  for (let sample = 0; sample < batch; sample++) {
    if (!shown()) mask.fill(0, sample * size, (sample + 1) * size);
  }
  return mask;
}

export const multiLevel = defineMethod({
  name: "multi_level",
  version: 1,
  title: "Multi-level labels",
  says: "one network on labels of parts and of wholes",
  about:
    "One network on cases that label the parts of an organ and cases that label the whole. A whole is the union of its parts, or has a channel of its own that is tied to " +
    "theirs: as likely as any of them (noisy-or), or no less likely than each (hinge).",
  source: "METHOD section 5; arXiv 2305.17768",
  parameters,
  stages: { multi_level: { stage } },
  arms: {
    multi_level_noisy_or: {
      title: "Multi-level labels, noisy-or",
      says: "a whole is there where it, or one of its parts, is",
      about:
        "The same, and a whole has a channel of its own: it is there where that one, or any of its parts, is.",
      set: { hierarchy: "noisy_or" },
    },
    multi_level_hinge: {
      title: "Multi-level labels, hinge",
      says: "a part that is likelier than its whole is punished",
      about: "The same, and a whole has a channel of its own: a part that is likelier than it is punished.",
      set: { hierarchy: "hinge" },
    },
  },
});
