/** Bundles of networks as small as they can be. */
import type { Bundle } from "../../../lib/models/bundle.ts";
import type { Strides } from "../../../lib/models/layers.ts";

export const tinyForm = { widths: [2, 4], strides: [[2, 2, 2]] as Strides[] };

/** Of two organs. */
export function tinyBundle(models: Bundle["models"]): Bundle {
  return {
    network: tinyForm,
    organs: [{ number: 1, name: "one" }, { number: 2, name: "two" }],
    preprocessing: { spacingMm: [1, 1, 1], intensity: { scheme: "mr" } },
    window: [4, 4, 4],
    inference: "best",
    models,
  };
}
