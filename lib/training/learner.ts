/**
 * A network in training: its organs, how its weights change, and the best weights so far.
 *
 * @module
 */
import type { NamedTensorMap, Variable } from "@tensorflow/tfjs-node-gpu";
import type { LabelSet } from "../data/label_set.ts";
import { type AveragedWeights, averageWeights, decayAt, moveTowards } from "../models/averaged_weights.ts";
import { createOptimiser, type Optimiser } from "../models/optimiser.ts";
import { createUnet, type Unet } from "../models/unet.ts";
import type { NetworkForm, UnetOptions } from "../models/unet_options.ts";
import { startFrom } from "../models/start_from.ts";
import { restoreWeights, snapshotWeights } from "../models/weights.ts";
import { missingBfloat16 } from "../tensors/bfloat16.ts";
import { tf } from "../tensors/tf.ts";
import type { OrganModel } from "../inference/predictor.ts";
import { unknownName } from "../text/unknown_name.ts";
import type { NetworkRole, TrainingPlan } from "./plan.ts";
import type { StageState } from "./stage_state.ts";

export interface Learner extends OrganModel {
  model: Unet;
  variables: Variable[];
  role: NetworkRole;
  /** Of a network that learns. */
  optimiser?: Optimiser;
  /** Of a network that learns, where weights are averaged: what is validated and kept. */
  average?: AveragedWeights;
  /** Highest validation score so far, and the step and weights that reached it. */
  best: { score: number; step: number; weights: NamedTensorMap };
}

const PROJECTION = "unet_projection/kernel";

export interface NetworkOptions extends NetworkForm, Pick<UnetOptions, "head" | "prompts" | "decoders"> {
  /** Of the initial weights: equal seeds, equal weights up to the last layer. */
  seed: number;
  /** @default "learns" */
  role?: NetworkRole | undefined;
  /** Whose weights it starts from. @default drawn from the seed */
  from?: OrganModel | undefined;
  /** Whose projection of features is its own, too. @default it has its own */
  projectionOf?: Learner | undefined;
  /** Share of the average of its weights that an update keeps. @default 0: none is made */
  averagedWeights?: number | undefined;
}

/**
 * @param organs the organs of the network's channels 1, 2, …
 * @throws Error when the network wants bfloat16 and neither processor nor GPU has it
 */
export function createLearner(
  name: string,
  organs: LabelSet,
  { role = "learns", from, averagedWeights = 0, projectionOf, ...network }: NetworkOptions,
): Learner {
  const missing = network.precision === "bfloat16" ? missingBfloat16() : undefined;
  if (missing !== undefined) throw new Error(`Cannot train model ${name}: ${missing}`);
  const model = createUnet({ classes: organs.length + 1, ...network });
  if (from) startFrom({ model, organs }, from);
  const shared = projectionOf && shareProjection(model, projectionOf.model);
  // What is shared is updated once, by the network that had it first.
  const variables = Object.values(model.weights).filter((weight) => weight !== shared);
  return {
    name,
    organs,
    model,
    variables,
    role,
    ...role === "learns" && { optimiser: createOptimiser(variables) },
    ...role === "learns" && averagedWeights > 0 &&
      { average: averageWeights(model, { decay: averagedWeights }) },
    best: { score: -Infinity, step: 0, weights: snapshotWeights(model) },
  };
}

/** @throws Error when the networks have no projection */
function shareProjection({ weights }: Unet, other: Unet): Variable {
  const own = weights[PROJECTION], shared = other.weights[PROJECTION];
  if (!own || !shared) {
    throw new Error(
      "Cannot share a projection: the cohort's network must have one (network.projection), there is none",
    );
  }
  weights[PROJECTION] = shared;
  own.dispose();
  return shared;
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

/** After an update: averages take the new weights in, and networks that follow another one move towards it. */
export function follow(learner: Learner, networks: ReadonlyMap<string, Learner>): void {
  const { role, model, average, optimiser } = learner;
  average?.update(optimiser!.updates);
  if (typeof role === "string") return;
  const leader = networks.get(role.follows)!;
  const kept = decayAt(leader.optimiser?.updates ?? Infinity, role.decay);
  // By name: the other one may have heads of lower levels, which only it needs.
  for (const [name, weight] of Object.entries(model.weights)) {
    moveTowards(weight, leader.model.weights[name]!, kept);
  }
}

export function disposeLearner(learner: Learner) {
  tf.dispose(learner.best.weights);
  learner.optimiser?.dispose();
  learner.average?.dispose();
  learner.model.dispose();
}

/** @throws Error when a network of the plan cannot follow, or share a projection with, the one that it is to */
export function requireLeaders({ networks }: Pick<TrainingPlan, "networks">): void {
  for (const [index, [name, { projectionOf }]] of Object.entries(networks).entries()) {
    const before = Object.keys(networks).slice(0, index);
    if (projectionOf === undefined || before.includes(projectionOf)) continue;
    throw new Error(
      `Cannot train: ${name} must share the projection of a network before it (${
        before.join(", ") || "none"
      }), ` +
        `current value is ${projectionOf}`,
    );
  }
  const leaderOf = (name: string) => {
    const { role } = networks[name]!;
    return typeof role === "object" ? role.follows : undefined;
  };
  for (const [name, { organs }] of Object.entries(networks)) {
    const way = [name];
    for (let leader = leaderOf(name); leader !== undefined; leader = leaderOf(leader)) {
      if (!Object.hasOwn(networks, leader)) {
        const known = unknownName(leader, Object.keys(networks));
        throw new Error(`Cannot train: the network that ${way.at(-1)} follows ${known}`);
      }
      const met = way.indexOf(leader);
      way.push(leader);
      if (met >= 0) {
        const circle = way.slice(met).join(" → ");
        throw new Error(`Cannot train: no network may follow itself, there is ${circle}`);
      }
    }
    if (way.length > 1 && way.some((one) => networks[one]!.projectionOf !== undefined)) {
      throw new Error(
        `Cannot train: no network may follow one that shares another's projection, there is ${
          way.join(" → ")
        }`,
      );
    }
    const [, leader = name] = way, wanted = networks[leader]!.organs;
    if (wanted.join() !== organs.join()) {
      throw new Error(
        "Cannot train: a network must have the organs of the one that it follows, " +
          `${leader} has ${wanted.join(", ")}, and ${name} has ${organs.join(", ")}`,
      );
    }
  }
}

/** What of the networks that learn no gradient has reached so far: a network, or weights of one; empty if all are learning. */
export function untaught(learners: readonly Learner[]): string {
  return learners.flatMap((learner) => {
    if (learner.optimiser?.updates === 0) return [learner.name];
    const weights = untaughtWeights(learner);
    return weights ? [`${weights} of ${learner.name}`] : [];
  }).join("; ");
}

/** Their names, the first ones at least; empty if there are none. */
function untaughtWeights({ optimiser, model }: Learner): string {
  const untouched = optimiser?.untouched ?? [];
  if (untouched.length === 0) return "";
  const names = Object.keys(model.weights).filter((name) => untouched.includes(model.weights[name]!))
    .map((name) => name.replace("unet_", ""));
  return names.slice(0, 3).join(", ") + (names.length > 3 ? ` and ${names.length - 3} more` : "");
}

/**
 * A plan may leave a network, or weights of one, out of a step, but not out of all of them.
 *
 * @throws Error with those that it left out
 */
export function requireTrained(learners: readonly Learner[], stage: string): void {
  const idle = learners.filter(({ optimiser }) => optimiser?.updates === 0).map(({ name }) => name);
  if (idle.length > 0) {
    throw new Error(
      `Cannot train ${stage}: every network that learns must be looked at, none looks at ${idle.join(", ")}`,
    );
  }
  const lacking = untaught(learners);
  if (lacking) {
    throw new Error(
      `Cannot train ${stage}: every weight of a network that learns must get a gradient in some step, none reaches ${lacking}`,
    );
  }
}

/** Everything of the learners that a resumption needs. The tensors are copies: the caller disposes them. */
export function learnersState(learners: readonly Learner[]): StageState {
  const state: StageState = { tensors: {}, meta: {} };
  const networks: Record<string, LearnerMeta> = {};
  for (const { name, model, role, optimiser, average, best } of learners) {
    networks[name] = { score: best.score, step: best.step };
    // Its weights are what they were, the best ones, too.
    if (role === "frozen") continue;
    put(`${name}/weights/`, snapshotWeights(model));
    const moments = optimiser?.state();
    if (moments) put(`${name}/optimiser/`, moments.tensors);
    if (average) put(`${name}/average/`, snapshotWeights(average));
    put(`${name}/best/`, tf.tidy(() => mapTensors(best.weights, (t) => t.clone())));
    if (moments) networks[name].optimiser = moments.meta;
  }
  state.meta.networks = networks;
  return state;

  function put(prefix: string, tensors: NamedTensorMap) {
    for (const [key, tensor] of Object.entries(tensors)) state.tensors[prefix + key] = tensor;
  }
}

/** Of a learner in a checkpoint, as JSON: -Infinity becomes null. */
interface LearnerMeta {
  optimiser?: Record<string, number>;
  score: number | null;
  step: number;
}

/** The inverse of {@linkcode learnersState}; the caller disposes the state's tensors. */
export function loadLearners(learners: readonly Learner[], state: StageState) {
  // Checkpoints of old had no key of their own for networks, and nothing of frozen ones.
  const networks = (state.meta.networks ?? state.meta) as unknown as Record<string, LearnerMeta>;
  for (const learner of learners) {
    const { optimiser, score, step }: LearnerMeta = networks[learner.name] ?? learner.best;
    // -Infinity becomes null in JSON.
    const best = { score: score ?? -Infinity, step };
    if (learner.role === "frozen") {
      learner.best = { ...learner.best, ...best };
      continue;
    }
    const take = (part: string) => {
      const prefix = `${learner.name}/${part}/`;
      const entries = Object.entries(state.tensors).filter(([key]) => key.startsWith(prefix));
      return Object.fromEntries(entries.map(([key, tensor]) => [key.slice(prefix.length), tensor]));
    };
    restoreWeights(learner.model, take("weights"));
    if (learner.average) restoreWeights(learner.average, take("average"));
    learner.optimiser?.load({ tensors: take("optimiser"), meta: optimiser! });
    tf.dispose(learner.best.weights);
    learner.best = { ...best, weights: tf.tidy(() => mapTensors(take("best"), (t) => t.clone())) };
  }
}

function mapTensors(
  tensors: NamedTensorMap,
  f: (t: NamedTensorMap[string]) => NamedTensorMap[string],
): NamedTensorMap {
  return Object.fromEntries(Object.entries(tensors).map(([key, tensor]) => [key, f(tensor)]));
}
