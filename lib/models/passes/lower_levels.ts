/**
 * What the decoder's lower levels say, by heads of their own: deep supervision (Lee et al. 2015; METHOD section 0).
 *
 * @module
 */
import { FLOAT32, type Handle } from "../../tensors/kernels.ts";
import type { Head } from "../heads/head.ts";
import { cast } from "../layers.ts";
import type { PassContext, Step } from "./blocks.ts";
import { inType, sum } from "./consuming.ts";

/** What the names of a level's head begin with, behind that of its decoder. */
export function levelPrefix(level: number): string {
  return `level${level}_`;
}

export interface LowerLevels {
  /** From level 1 down, each on its own grid, [batch, depth, height, width, channel of the head], float32. */
  logits: readonly Handle[];
  /**
   * The level's head looks at what the level gives, which goes on unchanged; on the way back the gradient by its logits is added. Of
   * levels without a head nothing happens.
   *
   * @param x of the level, [batch, depth, height, width, channel]; stays
   */
  through(x: Handle, level: number): Step;
  /**
   * Before the way back.
   *
   * @param gradients by the logits, in their order, which stay the caller's; undefined where nothing depends on them
   */
  ask(gradients: readonly (Handle | undefined)[]): void;
  /** After the way back: the gradient by the pooled features, where a head asked for these. */
  byPooled(): Handle | undefined;
}

export interface LowerLevelsOptions {
  /** Of level 1, 2, … */
  heads: readonly Head[];
  /** The mean over voxels of the encoder's deepest level, for heads that ask for it. */
  pooled?: Handle | undefined;
}

export function lowerLevels(context: PassContext, { heads, pooled }: LowerLevelsOptions): LowerLevels {
  const { scope, weights, gradients, dtype } = context;
  const logits: Handle[] = [];
  let asked: readonly (Handle | undefined)[] = [], byPooled: Handle | undefined;

  function through(x: Handle, level: number): Step {
    const place = level - 1, head = heads[place];
    if (!head) return { y: x, back: (dy) => dy };
    const prefix = levelPrefix(level);
    const features = dtype === FLOAT32 ? x : cast(scope, x, FLOAT32);
    const pass = head.pass(scope, { features, pooled }, (name) => weights.float32(prefix + name));
    logits[place] = pass.logits;
    const done = () => {
      if (features !== x) scope.free(features);
    };
    return {
      y: x,
      back(dy) {
        const by = asked[place];
        if (!by) {
          scope.free(pass.logits);
          done();
          return dy;
        }
        const { inputs, weights } = pass.backward(by);
        for (const [name, gradient] of Object.entries(weights)) gradients[prefix + name] = gradient;
        if (inputs.pooled) byPooled = byPooled ? sum(scope, byPooled, inputs.pooled) : inputs.pooled;
        done();
        return sum(scope, dy, inType(scope, inputs.features, dtype));
      },
    };
  }

  return { logits, through, ask: (gradients) => void (asked = gradients), byPooled: () => byPooled };
}
