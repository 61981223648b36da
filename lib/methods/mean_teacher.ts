/**
 * Adaptive cross-entropy and a mean teacher, for partially overlapping labels (METHOD section 10).
 *
 * The teacher is the moving average of the student's weights; the student, which sees the plain scan, is to predict what the
 * teacher predicts on a disturbed one, also where a dataset has scans without any label. With label sets the adaptive cross-entropy is the marginal one.
 *
 * @module
 */
import { addNormalNoise } from "../data/random.ts";
import type { PreparedStudy } from "../data/store/prepared_study.ts";
import { type Look, type NetworkPlan, round, type Term } from "../training/plan.ts";
import { cohort, learningRate, postprocessing, seed, stepsOfBoth } from "./shared/common_parameters.ts";
import { defineMethod, defineStage } from "./definition/method.ts";
import { organsOf, stepsOfBothStages, validationOf } from "./shared/one_network.ts";
import { choice, share, weight, where } from "./definition/parameter.ts";
import { streamOfEachDataset, streamOfEachUnlabelled } from "./shared/streams.ts";

const withTeacher = where("consistency is not 0", ({ consistency }) => consistency !== 0);

const parameters = {
  cohort,
  seed,
  fullOrganSteps: stepsOfBoth,
  learningRate,
  labels: choice(
    ["partial", "full", "naive"],
    "partial",
    "partial = all labels, adaptively; full = of fully labelled scans alone; naive = unlabelled is background",
  ),
  consistency: weight(10, "weight of the consistency with the teacher; 0 = off"),
  teacherDecay: share(0.99, "share of the teacher that a step keeps", withTeacher),
  noise: weight(
    0.1,
    "standard deviation of the noise in the teacher's view, in normalised intensities",
    withTeacher,
  ),
  rest: share(0.02, "share of the steps before the consistency begins to grow", withTeacher),
  rampUp: share(0.1, "share of the steps over which it grows to its weight", withTeacher),
  postprocessing,
};

const stage = defineStage(parameters, {
  name: "mean_teacher",
  version: 1,
  steps: "fullOrganSteps",
  uses: ["labels", "consistency", "teacherDecay", "noise", "rest", "rampUp"],
  cohortSteps: stepsOfBothStages,
  lacks: (study, { labels }) => labels === "full" ? lackOfFullLabels(study) : undefined,
  plan(study, { labels, consistency, teacherDecay, noise, rest }) {
    const organs = organsOf(study), perDataset = 1 / study.datasets.length;
    const validation = validationOf(study);
    // Without a teacher they say nothing.
    const unlabelled = consistency === 0 ? {} : streamOfEachUnlabelled(study);
    const alone = Object.keys(unlabelled);
    const networks: Record<string, NetworkPlan> = consistency === 0 ? { student: { organs, validation } } : {
      student: { organs },
      teacher: { organs, role: { follows: "student", decay: teacherDecay }, validation },
    };
    return {
      networks,
      streams: { ...streamOfEachDataset(study), ...unlabelled },
      looksPerStep: study.datasets.length +
        (consistency === 0 ? 0 : (study.datasets.length + 4 * alone.length) / 3),
      async objective({ ramp, random }) {
        const [{ acrossLevels, labelSetCrossEntropy, softmaxDistance, targetsOf }, { tf }] = await Promise
          .all([
            import("../training/losses.ts"),
            import("../tensors/tf.ts"),
          ]);
        const taught = (labelSet: readonly number[]) =>
          labels === "partial"
            ? labelSet
            : labels === "naive" || labelSet.length === organs.length
            ? organs
            : [];
        return {
          rounds: (step) =>
            [...study.datasets.map(({ name }) => name), ...alone].map((name) =>
              round({
                draws: [name],
                looks([batch]): { plain: Look; disturbed?: Look } {
                  const plain = { network: "student", images: batch.tensor };
                  if (consistency === 0) return { plain };
                  const noisy = batch.images.slice();
                  addNormalNoise(noisy, { random: random(step, `noise of ${name}`), std: noise });
                  return {
                    plain,
                    disturbed: { network: "teacher", images: tf.tensor5d(noisy, batch.tensor.shape) },
                  };
                },
                terms({ plain, disturbed }, [batch]) {
                  const terms: Term[] = [];
                  if (!alone.includes(name)) {
                    const labelSets = batch.labelSets.map(taught);
                    const targets = targetsOf({ ...batch, labelSets }, { channels: organs });
                    const value = acrossLevels(plain, targets, labelSetCrossEntropy);
                    terms.push({ network: "student", name: "own", value, weight: perDataset });
                  }
                  if (disturbed) {
                    const value = softmaxDistance(plain.logits, disturbed.logits);
                    const weight = perDataset * consistency * ramp(step, { rest, shape: "linear" });
                    terms.push({ network: "student", name: "consistency", value, weight });
                  }
                  return terms;
                },
              })
            ),
        };
      },
    };
  },
});

function lackOfFullLabels({ organs, datasets }: PreparedStudy): string | undefined {
  const annotated = datasets.flatMap(({ training }) => training.map(({ labelSet }) => labelSet.length));
  const most = Math.max(...annotated);
  if (most === organs.length) return undefined;
  return `labels = full wants training cases with all ${organs.length} organs annotated, the most there are in one is ${most}`;
}

export const meanTeacher = defineMethod({
  name: "mean_teacher",
  version: 1,
  title: "Adaptive cross-entropy and a mean teacher",
  says: "adaptive cross-entropy on all labels and consistency with a mean teacher",
  about:
    "One network on partially overlapping labels: adaptive cross-entropy where a label decides, and agreement with the moving " +
    "average of its own weights, which sees a disturbed scan, everywhere.",
  source: "METHOD section 10; arXiv 2107.05938",
  parameters,
  stages: { mean_teacher: { stage } },
  arms: {
    mean_teacher_naive: {
      title: "Naive cross-entropy",
      says: "unlabelled is background, no teacher",
      about: "No teacher, and what no label shows is background.",
      set: { labels: "naive", consistency: 0 },
    },
    mean_teacher_full_only: {
      title: "Full labels only",
      says: "fully labelled scans alone, no teacher",
      about: "No teacher, and only fully labelled scans teach.",
      set: { labels: "full", consistency: 0 },
    },
    ace: {
      title: "Adaptive cross-entropy",
      says: "the loss without its teacher",
      about: "Adaptive cross-entropy on all labels, without the teacher.",
      set: { consistency: 0 },
    },
    mean_teacher_full: {
      title: "Full labels and a mean teacher",
      says: "cross-entropy on fully labelled scans, consistency on all",
      about: "Only fully labelled scans teach by their labels; all scans are to agree with the teacher.",
      set: { labels: "full" },
    },
  },
});
