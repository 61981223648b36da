/**
 * The two networks that training is measured with.
 *
 * @module
 */
import type { NetworkSettings } from "./network.ts";

type NetworkForm = Pick<NetworkSettings, "widths" | "shape">;

/** By how it is called in tables: a small network, and one of nnU-Net's widths. */
export const NETWORKS: Record<string, NetworkForm> = {
  "2×64³, widths 16-32-64-128": { widths: [16, 32, 64, 128], shape: [2, 64, 64, 64] },
  "1×64³, widths 32-64-128-256-320": { widths: [32, 64, 128, 256, 320], shape: [1, 64, 64, 64] },
};

/** With four organs and strides of 2 everywhere. */
export function completeSettings({ widths, shape }: NetworkForm): Omit<NetworkSettings, "tensors"> {
  return {
    widths,
    shape,
    strides: widths.slice(1).map(() => [2, 2, 2]),
    classes: 5,
    learningRate: 1e-3,
  };
}
