/**
 * Channels beside the scan's, which tell the network something about it.
 *
 * @module
 */
import { type Handle, type KernelScope, OF_FLOAT32 } from "../../tensors/kernels.ts";
import { concatenated, sizesOf } from "../layers.ts";

/**
 * Images with as many prompts as the network sees: zeros where there is the scan alone, so that whoever knows of no prompts
 * can ask any network.
 *
 * @param images [batch, depth, height, width, 1 or 1 + prompts], float32; they stay the caller's
 * @returns [batch, depth, height, width, 1 + prompts]
 * @throws Error when there are other channels
 */
export function withPrompts(scope: KernelScope, images: Handle, prompts: number): Handle {
  const [, , , , channels] = sizesOf(images);
  if (channels === 1 + prompts) return images;
  if (channels !== 1) {
    throw new Error(
      `Cannot pass images through the network: images must have ${
        prompts === 0 ? "1 channel" : `1 or ${1 + prompts} channels`
      }, current number is ${channels}`,
    );
  }
  const [zeros] = scope.run("ZerosLike", [images], OF_FLOAT32);
  const all = concatenated(scope, [images, ...Array<Handle>(prompts).fill(zeros)], 4);
  scope.free(zeros);
  return all;
}
