/**
 * The way up: each level's skip beside what comes from below, and two blocks; then projection and head. Lower levels may have heads,
 * too.
 *
 * @module
 */
import { FLOAT32, type Handle } from "../../tensors/kernels.ts";
import type { Head } from "../heads/head.ts";
import { cast, channels, concatenated, identity } from "../layers.ts";
import { pointwise, pointwiseFilterGradient, pointwiseInputGradient } from "../pointwise.ts";
import { block, type PassContext, type Step, upsampled, type WayBack } from "./blocks.ts";
import { type ChannelDropout, drawMasks, masked } from "./channel_dropout.ts";
import { freeing, inType, sum } from "./consuming.ts";
import type { EncoderForm } from "./encoder.ts";
import { lowerLevels } from "./lower_levels.ts";
import { pooled, withPooledGradient } from "./pooling.ts";

export interface DecoderForm extends EncoderForm {
  /** Whether a linear projection stands between the last level and the head. */
  projection: boolean;
  head: Head;
  /** Of levels 1, 2, …, below full resolution: they look where a backward pass will follow. @default none */
  lower?: readonly Head[] | undefined;
}

/** What a decoder says. */
export interface PassOutputs {
  /** [batch, depth, height, width, channel of the head], float32. */
  logits: Handle;
  /** What the logits are computed from, [batch, depth, height, width, feature], float32. */
  features: Handle;
  /** What its lower levels say, from level 1 down, each on its own grid; none where they have no heads. */
  lower: readonly Handle[];
}

/** Gradients by what it says: by logits, features or both, and by lower levels if there is one of those. */
export interface OutputGradients {
  logits?: Handle | undefined;
  features?: Handle | undefined;
  /** In the order of the levels. @default nothing depends on them */
  lower?: readonly (Handle | undefined)[] | undefined;
}

export interface Decoder extends PassOutputs {
  /**
   * From the gradients by the outputs, which stay the caller's, those by each level of the encoder, from full resolution down;
   * possible once.
   */
  backward(gradient: OutputGradients): Handle[];
  /** From the gradients by the outputs, which stay the caller's, that by the features, through the head and directly; before `backward`. */
  byFeatures(gradient: OutputGradients): Handle;
  /** Frees all it keeps, outputs too: of one that no gradient goes back through. */
  dispose(): void;
}

export interface DecodeOptions extends DecoderForm {
  /** Of what it sees of the encoder, each level by itself; wants `keep`. @default none */
  dropout?: ChannelDropout | undefined;
}

/** @param encoded of each level, [batch, depth, height, width, channel]; freed where no backward pass will follow */
export function decode(context: PassContext, encoded: readonly Handle[], options: DecodeOptions): Decoder {
  const { scope, weights, gradients, dtype, keep } = context;
  const { widths, strides, head, dropout } = options;
  const before = scope.mark();
  const way: WayBack[] = [];
  const go = ({ y, back }: Step) => {
    way.push(back);
    return y;
  };
  const masks = dropout && drawMasks(scope, encoded, dropout);
  const seen = (level: number) => masks ? masked(scope, encoded[level]!, masks[level]!) : encoded[level]!;
  /** The gradient by a level of the encoder, from that by what was seen of it, which is freed. */
  const unseen = (level: number, dy: Handle) =>
    masks ? freeing(scope, [dy, masks[level]!], masked(scope, dy, masks[level]!)) : dy;

  const deepest = widths.length - 1;
  const deep = seen(deepest);
  // Before the way up may free it.
  const mean = head.pooled ? pooled(scope, deep) : undefined;
  const levelGradients: Handle[] = [];
  const lower = lowerLevels(context, { heads: keep ? options.lower ?? [] : [], pooled: mean });
  let x = deep;
  for (let level = deepest - 1; level >= 0; level--) {
    const label = `up${level}`;
    x = go(upsampled(context, x, { label, strides: strides[level]!, width: widths[level]! }));
    x = go(joined(x, level));
    x = go(block(context, x, { label: `${label}_a` }));
    x = go(block(context, x, { label: `${label}_b` }));
    x = go(lower.through(x, level));
  }
  const decoded = dtype === FLOAT32 ? x : cast(scope, x, FLOAT32);
  const projection = () => ({ x: decoded, filter: weights.float32("projection/kernel") });
  const features = options.projection ? pointwise(scope, projection()) : decoded;
  const ofHead = head.pass(scope, { features, pooled: mean }, weights.float32);
  const { logits } = ofHead;
  const own = scope.mark().difference(before);

  /** Skip and upsampled side by side. */
  function joined(up: Handle, level: number): Step {
    const width = widths[level]!, skip = seen(level);
    const both = concatenated(scope, [skip, up], 4);
    scope.free(up);
    if (masks || !keep) scope.free(skip);
    return {
      y: both,
      back(dy) {
        scope.free(both);
        levelGradients[level] = unseen(level, channels(scope, dy, [0, width]));
        return freeing(scope, [dy], channels(scope, dy, [width, 2 * width]));
      },
    };
  }

  function backward(gradient: OutputGradients): Handle[] {
    let dy = gradient.features, byMean: Handle | undefined;
    if (gradient.logits) {
      const { inputs, weights } = ofHead.backward(gradient.logits);
      Object.assign(gradients, weights);
      dy = dy ? sum(scope, inputs.features, dy) : inputs.features;
      byMean = inputs.pooled;
    } else scope.free(logits);
    if (options.projection) {
      const inputs = { ...projection(), dy: dy! };
      gradients["projection/kernel"] = pointwiseFilterGradient(scope, inputs);
      dy = freeing(scope, [dy!, features], pointwiseInputGradient(scope, inputs));
    }
    if (decoded !== x) scope.free(decoded);
    dy = inType(scope, dy!, dtype);
    lower.ask(gradient.lower ?? []);
    for (let back = way.pop(); back; back = way.pop()) dy = back(dy!);
    if (mean) scope.free(mean);
    const byLower = lower.byPooled();
    if (byLower) byMean = byMean ? sum(scope, byMean, byLower) : byLower;
    if (byMean) dy = withPooledGradient(scope, dy!, byMean);
    // Its own only behind a mask, else the encoder's, which goes back through it yet.
    if (masks) scope.free(deep);
    levelGradients[deepest] = unseen(deepest, dy!);
    return levelGradients;
  }

  function byFeatures(gradient: OutputGradients): Handle {
    if (!gradient.logits) return identity(scope, gradient.features!);
    const before = scope.mark();
    // A pass of its own: the other one goes back only once.
    const through = head.pass(scope, { features, pooled: mean }, weights.float32).backward(gradient.logits);
    const byHead = through.inputs.features;
    const all = gradient.features ? sum(scope, byHead, gradient.features) : byHead;
    scope.dispose(new Set([...before, all.id]));
    return all;
  }

  return {
    logits,
    features,
    lower: lower.logits,
    backward,
    byFeatures,
    dispose: () => scope.dispose(scope.mark().difference(own)),
  };
}
