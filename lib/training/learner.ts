/**
 * A network in training: its organs, how its weights change, and the best weights so far.
 *
 * @module
 */
import type { NamedTensorMap, Variable } from "@tensorflow/tfjs-node-gpu";
import type { LabelSet } from "../data/label_set.ts";
import { createOptimiser, type Optimiser } from "../models/optimiser.ts";
import { createUnet, type Unet } from "../models/unet.ts";
import type { NetworkForm, UnetOptions } from "../models/unet_options.ts";
import { startFrom } from "../models/start_from.ts";
import { restoreWeights, snapshotWeights } from "../models/weights.ts";
import { hasBfloat16 } from "../tensors/bfloat16.ts";
import { tf } from "../tensors/tf.ts";
import type { OrganModel } from "../inference/predictor.ts";
import type { NetworkRole } from "./plan.ts";
import type { StageState } from "./stage_state.ts";

export interface Learner extends OrganModel {
  model: Unet;
  variables: Variable[];
  role: NetworkRole;
  /** Of a network that learns. */
  optimiser?: Optimiser;
  /** Highest validation score so far, and the step and weights that reached it. */
  best: { score: number; step: number; weights: NamedTensorMap };
}

export interface NetworkOptions extends NetworkForm, Pick<UnetOptions, "head" | "prompts" | "decoders"> {
  /** Of the initial weights: equal seeds, equal weights up to the last layer. */
  seed: number;
  /** @default "learns" */
  role?: NetworkRole | undefined;
  /** Whose weights it starts from. @default drawn from the seed */
  from?: OrganModel | undefined;
}

/**
 * @param organs the organs of the network's channels 1, 2, …
 * @throws Error when the network wants bfloat16 and neither processor nor GPU has it
 */
export function createLearner(
  name: string,
  organs: LabelSet,
  { role = "learns", from, ...network }: NetworkOptions,
): Learner {
  if (network.precision === "bfloat16" && !hasBfloat16()) {
    throw new Error(
      `Cannot train model ${name}: precision bfloat16 wants a processor with AVX-512 BF16 or AMX, or a GPU; there is ` +
        "none here, or ONEDNN_MAX_CPU_ISA or TF_ENABLE_ONEDNN_OPTS hides it, so the cohort's network.precision must " +
        "be float32",
    );
  }
  const model = createUnet({ classes: organs.length + 1, ...network });
  if (from) startFrom({ model, organs }, from);
  const variables = Object.values(model.weights);
  return {
    name,
    organs,
    model,
    variables,
    role,
    ...role === "learns" ? { optimiser: createOptimiser(variables) } : {},
    best: { score: -Infinity, step: 0, weights: snapshotWeights(model) },
  };
}

/**
 * Keeps the present weights as the best if the score is higher than any before. As long as there is none (NaN: the
 * validation cases show no organ), the latest weights are the best.
 */
export function keepBest(learner: Learner, score: number, step: number) {
  const { best } = learner;
  const first = best.score === -Infinity;
  if (!(score > best.score) && !(first && Number.isNaN(score))) return;
  tf.dispose(best.weights);
  learner.best = {
    score: Number.isNaN(score) ? -Infinity : score,
    step,
    weights: snapshotWeights(learner.model),
  };
}

/**
 * Moves the weights of a network that follows another towards the other's after its update t: w ← d·w + (1 − d)·w' with
 * d = min(decay, 1 − 1/t), so that at first it is the plain mean of what was seen (Tarvainen and Valpola 2017): with the decay
 * alone, weights that were drawn by chance would weigh for 1/(1 − decay) steps.
 */
export function follow(learner: Learner, networks: ReadonlyMap<string, Learner>): void {
  const { role, variables } = learner;
  if (typeof role === "string") return;
  const leader = networks.get(role.follows)!;
  const updates = leader.optimiser?.updates ?? Infinity;
  const decay = Math.min(role.decay, 1 - 1 / Math.max(1, updates));
  variables.forEach((variable, i) => {
    const moved = tf.tidy(() => tf.add(tf.mul(variable, decay), tf.mul(leader.variables[i]!, 1 - decay)));
    variable.assign(moved);
    moved.dispose();
  });
}

export function disposeLearner(learner: Learner) {
  tf.dispose(learner.best.weights);
  learner.optimiser?.dispose();
  learner.model.dispose();
}

/** Everything of the learners that a resumption needs. The tensors are copies: the caller disposes them. */
export function learnersState(learners: readonly Learner[]): StageState {
  const state: StageState = { tensors: {}, meta: {} };
  for (const { name, model, optimiser, best } of learners) {
    put(`${name}/weights/`, snapshotWeights(model));
    const moments = optimiser?.state();
    if (moments) put(`${name}/optimiser/`, moments.tensors);
    put(`${name}/best/`, tf.tidy(() => mapTensors(best.weights, (t) => t.clone())));
    state.meta[name] = { optimiser: moments?.meta, score: best.score, step: best.step };
  }
  return state;

  function put(prefix: string, tensors: NamedTensorMap) {
    for (const [key, tensor] of Object.entries(tensors)) state.tensors[prefix + key] = tensor;
  }
}

/** The inverse of {@linkcode learnersState}; the caller disposes the state's tensors. */
export function loadLearners(learners: readonly Learner[], state: StageState) {
  for (const learner of learners) {
    const meta = state.meta[learner.name] as {
      optimiser?: Record<string, number>;
      score: number | null;
      step: number;
    };
    const take = (part: string) => {
      const prefix = `${learner.name}/${part}/`;
      const entries = Object.entries(state.tensors).filter(([key]) => key.startsWith(prefix));
      return Object.fromEntries(entries.map(([key, tensor]) => [key.slice(prefix.length), tensor]));
    };
    restoreWeights(learner.model, take("weights"));
    learner.optimiser?.load({ tensors: take("optimiser"), meta: meta.optimiser! });
    tf.dispose(learner.best.weights);
    // -Infinity becomes null in JSON.
    learner.best = {
      score: meta.score ?? -Infinity,
      step: meta.step,
      weights: tf.tidy(() => mapTensors(take("best"), (t) => t.clone())),
    };
  }
}

function mapTensors(
  tensors: NamedTensorMap,
  f: (t: NamedTensorMap[string]) => NamedTensorMap[string],
): NamedTensorMap {
  return Object.fromEntries(Object.entries(tensors).map(([key, tensor]) => [key, f(tensor)]));
}
