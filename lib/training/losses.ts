/**
 * The losses that methods share. Methods import this file when their training begins, since it loads TensorFlow.
 *
 * @module
 */
export { targetsOf } from "./batch_targets.ts";
export { acrossLevels } from "../losses/across_levels.ts";
export { decidedLabels } from "../losses/decided_labels.ts";
export { labelSetCrossEntropy } from "../losses/label_set_cross_entropy.ts";
export { labelSetDice } from "../losses/label_set_dice.ts";
export { partialLoss } from "../losses/partial/partial_loss.ts";
export { levelHinge, levelLoss, levelViolations } from "../losses/partial/level_loss.ts";
export { organCrossEntropy } from "../losses/partial/organ_cross_entropy.ts";
export { organDice } from "../losses/partial/organ_dice.ts";
export { softCrossEntropy } from "../losses/soft_cross_entropy.ts";
export { softmaxDistance } from "../losses/softmax_distance.ts";
export { supervision } from "../losses/supervision.ts";
