/**
 * What networks learn from one round.
 *
 * The networks go forward and back by passes of their own; tfjs's tape sees the losses alone, from logits and features on.
 *
 * @module
 */
import type { NamedTensorMap, Tensor, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { coarserCodes } from "../data/patches/coarser_codes.ts";
import type { PatchBatch } from "../data/patches/patch_batch.ts";
import { createLabelMap } from "../losses/label_map.ts";
import type { Strides } from "../models/layers.ts";
import { type LevelOutputs, outputsOf, type PassGradients, type TrainingPass } from "../models/unet.ts";
import { tf } from "../tensors/tf.ts";
import { unknownName } from "../text/unknown_name.ts";
import type { Learner } from "./learner.ts";
import type { LabelledBatch, Look, Round, Term, View } from "./plan.ts";
import { sumOf } from "./sum_of.ts";

/** Columns of history.csv that are not terms. */
const FIXED_COLUMNS = ["stage", "model", "step", "learning_rate", "seconds"];

/** A term's value, unweighted. */
export interface TermValue {
  network: string;
  name: string;
  value: number;
  /**
   * What it asks of its network, with its weight: the norm of its gradient by the features of the network's last layer, over the
   * round's looks. @default not measured
   */
  gradient?: number;
}

export interface RoundGradients {
  /** By variable name; the caller disposes them. */
  gradients: NamedTensorMap;
  /** In the order of the round's terms. */
  terms: TermValue[];
}

export interface RoundOptions {
  /** One of each stream that the round draws, in its order. */
  batches: readonly PatchBatch[];
  networks: ReadonlyMap<string, Learner>;
  step: number;
  /** Of its batches. @default none */
  foregroundShare?: number | undefined;
  /** Whether each term's own gradient is measured, too: that costs the losses' way back once a term. @default false */
  measureTerms?: boolean | undefined;
}

/** A look, what it saw, and, of a learning network, the way back. */
interface Passed {
  name: string;
  view: View;
  pass?: TrainingPass;
}

/** @throws Error naming the term and network when a loss is not finite, or when a term could not be told */
export function roundGradients(round: Round, { batches, ...options }: RoundOptions): RoundGradients {
  const { networks, foregroundShare } = options;
  // Networks of a plan have one form.
  const lowerStrides = [...networks.values()].map(({ model }) => model.lowerStrides)
    .find(({ length }) => length > 0);
  const labelled = batches.map((batch) => ({ ...labelledBatch(batch, lowerStrides), foregroundShare }));
  const passed: Passed[] = [];
  const gradients: NamedTensorMap = {};
  let made: Tensor5D[] = [];
  try {
    const looks: Readonly<Record<string, Look>> = tf.tidy(() => round.looks(labelled) as never);
    const drawn = new Set(labelled.map(({ tensor }) => tensor));
    made = Object.values(looks).map(({ images }) => images).filter((images) => !drawn.has(images));
    for (const [name, look] of Object.entries(looks)) passed.push(pass(name, look, networks));
    const { slopes, terms } = lossGradients(round, { ...options, batches: labelled, passed });
    for (const { pass } of passed) {
      if (!pass) continue;
      const own = slopes.splice(0, allOutputsOf(pass).length);
      if (own.some((slope) => slope)) {
        const back = pass.backward(passGradients(pass, own));
        for (const [name, slope] of Object.entries(back)) {
          const others = gradients[name];
          gradients[name] = others ? sumOf(others, slope) : slope;
        }
      }
      tf.dispose(own.filter((slope) => slope) as Tensor[]);
      // The other passes' memory is needed; this one's no longer.
      pass.dispose();
    }
    return { gradients, terms };
  } finally {
    for (const { pass, view } of passed) pass ? pass.dispose() : tf.dispose([view.logits, view.features]);
    const maps = labelled.flatMap(({ map }) => [map, ...map.lower ?? []]);
    tf.dispose([...made, ...labelled.map(({ tensor }) => tensor), ...maps.map(({ hot }) => hot)]);
  }
}

function labelledBatch(batch: PatchBatch, lowerStrides?: readonly Strides[]): LabelledBatch {
  const shape = [batch.batch, ...batch.patch] as const;
  const tensor = tf.tensor5d(batch.images, [...shape, 1]);
  const map = createLabelMap(batch.labels, shape);
  if (!lowerStrides) return { ...batch, tensor, map };
  const lower = lowerStrides.map((strides) => {
    const { codes, shape: grid } = coarserCodes(batch.labels, shape, strides);
    return createLabelMap(codes, grid);
  });
  return { ...batch, tensor, map: { ...map, lower } };
}

/** What terms may depend on. */
function allOutputsOf({ second, ...first }: TrainingPass): Tensor5D[] {
  return [...outputsOf(first), ...second ? outputsOf(second) : []];
}

/** Slopes by {@linkcode allOutputsOf} a pass, each in its place. */
function passGradients(
  { second, ...first }: TrainingPass,
  slopes: readonly (Tensor | undefined)[],
): PassGradients {
  const placed = (said: LevelOutputs, from: number) => {
    const [logits, features, ...lower] = slopes.slice(from, from + outputsOf(said).length);
    return { logits, features, lower };
  };
  return { ...placed(first, 0), ...second && { second: placed(second, outputsOf(first).length) } };
}

function pass(name: string, { network, images, dropout }: Look, networks: RoundOptions["networks"]): Passed {
  const learner = networks.get(network);
  if (!learner) {
    throw new Error(
      `Cannot train: a look must be of one of ${
        [...networks.keys()].join(", ")
      }, current network is ${network}`,
    );
  }
  const { readout } = learner.model.head;
  if (learner.role !== "learns") {
    if (dropout) {
      throw new Error(
        `Cannot train: the second decoder is for networks that learn, ${network} does not, and look ${name} has dropout`,
      );
    }
    const { logits, features } = learner.model.predict(images);
    return { name, view: { network, logits, features, readout } };
  }
  const pass = learner.model.pass(images, { dropout });
  const { logits, features, lower, second } = pass;
  const view = { network, logits, features, readout, ...lower && { lower }, ...second && { second } };
  return { name, view, pass };
}

interface LossOptions extends Omit<RoundOptions, "batches"> {
  batches: readonly LabelledBatch[];
  passed: readonly Passed[];
}

/**
 * Values of the terms, and gradients of their weighted sum by {@linkcode allOutputsOf} each look of a learning network; undefined
 * where nothing depends on them.
 */
function lossGradients(round: Round, { batches, passed, networks, step, measureTerms }: LossOptions) {
  let terms!: TermValue[];
  const views = Object.fromEntries(passed.map(({ name, view }) => [name, view]));
  const inputs = passed.flatMap(({ pass }) => pass ? allOutputsOf(pass) : []);
  if (inputs.length === 0) {
    throw new Error(
      `Cannot train: a round must look at a network that learns, its looks are ${
        Object.keys(views).join(", ") || "none"
      }`,
    );
  }
  let fault: unknown;
  const { value, grads } = tf.engine().gradients(
    () => {
      try {
        const all = round.terms(views, batches);
        if (all.length === 0) throw new Error("Cannot train: a round must have a term, current number is 0");
        for (const term of all) requireTerm(term, networks);
        terms = all.map((term) => ({
          network: term.network,
          name: term.name,
          value: term.value.dataSync()[0]!,
          // What is reported alone, without weight, pulls at nothing.
          ...measureTerms && term.weight !== 0 && { gradient: gradientNormOf(term, { passed, inputs }) },
        }));
        return tf.addN(all.map((term) => tf.mul(term.value, term.weight)));
      } catch (error) {
        // Out of here the tape would keep what it has seen.
        fault = error;
        return tf.scalar(0);
      }
    },
    inputs,
    undefined,
    true,
  );
  value.dispose();
  if (fault !== undefined) throw fault;
  const slopes = grads as (Tensor | undefined)[];
  const broken = terms.find((term) => !Number.isFinite(term.value));
  if (broken) {
    tf.dispose(slopes.filter((slope) => slope) as Tensor[]);
    const cases = batches.flatMap(({ cases }) => cases);
    throw new Error(
      `Cannot train model ${broken.network}: its losses must be finite, ${broken.name} is ` +
        `${broken.value} at step ${step + 1} (cases ${cases.join(", ")})`,
    );
  }
  return { slopes, terms };
}

/** Of tfjs's tape: tensors that are kept for the way back. */
interface TapeNode {
  saved?: Tensor[];
}

/**
 * On the tape of the round's gradients, which has seen how the term came about: nothing is computed forward again. The tape also
 * sees this way back, for a second derivative that nobody asks for: what it keeps of it is let go of at once.
 */
function gradientNormOf(
  term: Term,
  { passed, inputs }: { passed: readonly Passed[]; inputs: Tensor5D[] },
): number {
  const engine = tf.engine(),
    tape = (engine as unknown as { state: { activeTape: TapeNode[] } }).state.activeTape;
  const seen = tape.length;
  const { value, grads } = engine.gradients(() => tf.mul(term.value, term.weight), inputs, undefined, true);
  for (const { saved } of tape.splice(seen)) tf.dispose(saved ?? []);
  value.dispose();
  const slopes = grads as (Tensor | undefined)[];
  let squares = 0, at = 0;
  for (const { pass } of passed) {
    if (!pass) continue;
    const [logits, features] = slopes.slice(at, at += allOutputsOf(pass).length);
    if (logits || features) squares += pass.gradientNorm({ logits, features }) ** 2;
  }
  tf.dispose(slopes.filter((slope) => slope) as Tensor[]);
  return Math.sqrt(squares);
}

/** @throws Error when it could not become a number in a row of history.csv */
function requireTerm({ network, name, value }: Term, networks: RoundOptions["networks"]): void {
  if (!networks.has(network)) {
    const known = unknownName(network, [...networks.keys()]);
    throw new Error(`Cannot train: the network of term ${name} ${known}`);
  }
  if (FIXED_COLUMNS.includes(name)) {
    throw new Error(
      `Cannot train model ${network}: a term must not be called like a column that history.csv has (${
        FIXED_COLUMNS.join(", ")
      }), current name is ${name}`,
    );
  }
  if (value.shape?.length !== 0) {
    const found = value.shape ? `its shape is [${value.shape}]` : `current value is ${value}`;
    throw new Error(
      `Cannot train model ${network}: the value of term ${name} must be a scalar, ${found}`,
    );
  }
}
