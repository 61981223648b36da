/**
 * Sentence embeddings: classes are points of a text model's space, where their names lie, and a voxel's features are led there
 * (METHOD section 9).
 *
 * @module
 */
import type { PreparedStudy } from "../data/store/prepared_study.ts";
import { addNormalNoise, createRandom } from "../data/random.ts";
import { cohort, learningRate, postprocessing, seed, stepsOfBoth } from "./shared/common_parameters.ts";
import { defineMethod, defineStage } from "./definition/method.ts";
import { choice, flag, positive, text, where } from "./definition/parameter.ts";
import { oneNetworkPlan, organsOf, stepsOfBothStages } from "./shared/one_network.ts";
import { partialLossParameter } from "./shared/partial_loss_parameter.ts";

/** Of the random vectors, which are the same in all runs. */
const RANDOM_SEED = "sentence embeddings, random vectors";

const parameters = {
  cohort,
  seed,
  fullOrganSteps: stepsOfBoth,
  learningRate,
  classVectors: choice(
    ["names", "shuffled", "random", "one_hot"],
    "names",
    "what stands for a class: its name's embedding, another organ's, a random vector, an axis of its own",
  ),
  vectors: text(
    "organs",
    "a name of experiments/embeddings, or the path of a JSON file",
    where("classVectors is not one_hot", ({ classVectors }) => classVectors !== "one_hot"),
  ),
  temperature: positive(0.01, "by which cosines are divided"),
  learnTemperature: flag(false, "the temperature is learnt, from that one on"),
  partialLoss: partialLossParameter("marginal", "restricted"),
  postprocessing,
};

type ClassVectors = "names" | "shuffled" | "random" | "one_hot";

const stage = defineStage(parameters, {
  name: "sentence_embeddings",
  version: 1,
  steps: "fullOrganSteps",
  uses: ["classVectors", "temperature", "learnTemperature", "partialLoss"],
  cohortSteps: stepsOfBothStages,
  lacks(study, { classVectors }) {
    if (classVectors === "one_hot") return undefined;
    if (!study.vectors) return "the study must be loaded with vectors of the organs' names";
    const missing = study.organs.filter((_, index) => !study.vectors!.organs[index]);
    if (missing.length === 0) return undefined;
    const names = missing.map(({ name }) => name).join(", ");
    return `the file of vectors has none of ${names}: add them as experiments/embeddings/embed_names.py says (${study.vectors.file})`;
  },
  plan: (study, { classVectors, temperature, learnTemperature, partialLoss: kind }) =>
    oneNetworkPlan(study, {
      name: "network",
      head: {
        kind: "cosine",
        embeddings: vectorsOfClasses(classVectors, study),
        temperature,
        learnTemperature,
      },
      async loss() {
        const { partialLoss, targetsOf } = await import("../training/losses.ts");
        const channels = organsOf(study), { loss } = partialLoss(kind, { dice: true });
        return (logits, batch) => loss(logits, targetsOf(batch, { channels }));
      },
    }),
});

export const sentenceEmbeddings = defineMethod({
  name: "sentence_embeddings",
  version: 1,
  title: "Sentence embeddings",
  says: "one network whose classes are the embeddings of their names",
  about:
    "One network on the true labels of all datasets. Its last layer has no weights of its own for a class: a voxel's features are led into the " +
    "space of a text model, and the class is the one whose name lies in their direction.",
  source: "METHOD section 9; arXiv 2202.02002",
  parameters,
  stages: { sentence_embeddings: { stage } },
  arms: {
    shuffled_names: {
      title: "Shuffled names",
      says: "the same with each organ's name given to another organ",
      about: "The same network, with the embedding of each organ's name given to the next organ.",
      set: { classVectors: "shuffled" },
    },
    random_names: {
      title: "Random vectors",
      says: "the same with a random vector for each class",
      about: "The same network, with random vectors in place of embeddings.",
      set: { classVectors: "random" },
    },
    one_hot_names: {
      title: "One-hot vectors",
      says: "the same with an axis of its own for each class",
      about:
        "The same network, with an axis of its own for each class: a linear head without bias on features of unit length.",
      set: { classVectors: "one_hot" },
    },
  },
});

/** A vector of each class, background first. */
export function vectorsOfClasses(
  kind: ClassVectors,
  { organs, vectors }: Pick<PreparedStudy, "organs" | "vectors">,
): number[][] {
  const classes = organs.length + 1;
  if (kind === "one_hot") {
    return Array.from(
      { length: classes },
      (_, c) => Array.from({ length: classes }, (_, axis) => Number(c === axis)),
    );
  }
  const { background, organs: own } = vectors!;
  if (kind === "random") {
    const random = createRandom(RANDOM_SEED);
    return Array.from({ length: classes }, () => {
      const vector = new Float32Array(background.length);
      addNormalNoise(vector, { random, std: 1 });
      return [...vector];
    });
  }
  const first = kind === "shuffled" ? 1 : 0;
  return [background, ...own.map((_, index) => own[(index + first) % own.length]!)].map((
    vector,
  ) => [...vector]);
}
