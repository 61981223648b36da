/**
 * What labels say, voxel by voxel.
 *
 * @module
 */
import type { Tensor2D } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../tensors/tf.ts";
import { type AllowedTable, type LabelTargets, rowTable } from "./allowed.ts";
import { spread } from "./label_map.ts";

/**
 * A function of what a code allows, as {@linkcode rowTable} takes it, at every voxel of the batch. No gradient flows
 * through it.
 *
 * @param channels number of the table's channels. @default the targets' classes
 * @returns [channel, voxels]
 */
export function voxelTable(
  targets: LabelTargets,
  value: (table: AllowedTable, code: number, channel: number) => number,
  channels = targets.classes,
): Tensor2D {
  const { rows, hot } = targets.map;
  return spread(tf.tensor2d(rowTable(targets, value, channels), [channels, rows.length]), hot);
}
