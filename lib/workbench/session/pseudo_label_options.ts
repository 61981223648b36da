/**
 * How a run's parameters have label maps completed.
 *
 * Apart from what completes them: a command foresees the work, and may not load what computes it.
 *
 * @module
 */
import { pseudoLabelParameters, seed } from "../../methods/shared/common_parameters.ts";
import type { ValuesOf } from "../../methods/definition/parameter.ts";
import type { Parameters } from "../../runs/notebooks/parameters.ts";

/** The routine's options from a run's parameters; those that are missing have their defaults. */
export function pseudoLabelOptions(parameters: Parameters) {
  const table = { seed, ...pseudoLabelParameters };
  const defaults = Object.entries(table).map(([name, { default: value }]) => [name, value]);
  const values = { ...Object.fromEntries(defaults), ...parameters } as ValuesOf<typeof table>;
  return {
    seed: values.seed,
    organThreshold: values.organThreshold,
    backgroundThreshold: values.backgroundThreshold,
    clean: values.clean,
    filters: {
      confidence: values.confidenceFilter,
      agreement: values.agreementFilter,
      volume: values.volumeFilter,
      feature: values.featureFilter,
    },
    // Without the filter it has no effect: arms that differ in it alone share the stage.
    centreFeatures: values.centreFeatures || values.featureFilter === 0,
  };
}
