/**
 * The layers of a dynamic head's organs, as parts of the row that its controller writes. Nothing here loads TensorFlow.
 *
 * @module
 */

/** Channels between its three convolutions. */
export const HIDDEN = 8;

/** One of the organ's convolutions 1×1×1, as a part of the row that the controller writes. */
export interface DynamicLayer {
  inputs: number;
  outputs: number;
  /** Where its kernel begins in the row; its bias stands behind it. */
  from: number;
}

/** Three layers, F → 8 → 8 → 1, and how long the row is. */
export function dynamicLayers(features: number): { layers: DynamicLayer[]; length: number } {
  const widths = [features, HIDDEN, HIDDEN, 1];
  let from = 0;
  const layers = widths.slice(1).map((outputs, index): DynamicLayer => {
    const layer = { inputs: widths[index]!, outputs, from };
    from += layer.inputs * outputs + outputs;
    return layer;
  });
  return { layers, length: from };
}
