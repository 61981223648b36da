/**
 * A model's weights by name: for the optimiser, for checkpoints, for copying one model into another.
 *
 * @module
 */
import type { LayersModel, Tensor, Variable } from "@tensorflow/tfjs-node-gpu";
import { tf } from "../runtime/tf.ts";

/** tfjs's layer variable: what it holds, and the name it was given before tfjs made it unique in the process. */
interface LayerVariable {
  originalName: string;
  shape: number[];
  val: Variable;
}

function layerVariables(model: LayersModel): LayerVariable[] {
  return model.weights as unknown as LayerVariable[];
}

/** The variables a model learns, in a fixed order; what `tf.variableGrads` and the optimiser want. */
export function trainableVariables(model: LayersModel): Variable[] {
  return (model.trainableWeights as unknown as LayerVariable[]).map((weight) => weight.val);
}

/**
 * The weights as they are now, by names that do not depend on what else lives in the process. Shares memory with the
 * model until the next update. The caller disposes the tensors.
 */
export function snapshotWeights(model: LayersModel): Record<string, Tensor> {
  return Object.fromEntries(
    layerVariables(model).map((weight) => [weight.originalName, tf.clone(weight.val)]),
  );
}

/**
 * Sets every weight of the model from a snapshot. Names the model does not know are left alone, so a checkpoint may
 * hold more than one model's weights and moments.
 *
 * @throws when a weight is missing or of another shape; the model is then unchanged
 */
export function restoreWeights(model: LayersModel, tensors: Record<string, Tensor>): void {
  const weights = layerVariables(model);
  for (const { originalName, shape } of weights) {
    const found = tensors[originalName]?.shape;
    if (!found || found.join() !== shape.join()) {
      throw new Error(
        `Cannot restore weights: ${originalName} must have shape [${shape}], ` +
          `current value is ${found ? `of shape [${found}]` : "missing"}`,
      );
    }
  }
  // `assign` takes over the data by reference; the snapshot stays valid and the caller's to dispose.
  for (const { originalName, val } of weights) val.assign(tensors[originalName]);
}
