/** A cohort over two tiny datasets, as JSON. */
// deno-lint-ignore-file no-explicit-any -- tests break it in every way

/** Liver is shown of folder `one`, Spleen of folder `two`; both are tested on folder `full`. */
export function tinyCohort(change: (json: any) => void = () => {}): any {
  const json = {
    name: "tiny",
    description: "Two datasets of a few voxels.",
    organs: [{ name: "Liver", nsdToleranceMm: 2 }, { name: "Spleen", nsdToleranceMm: 2 }],
    datasets: [
      {
        name: "one",
        folder: "one",
        organs: ["Liver"],
        training: { fraction: [0, 0.5] },
        validation: { fraction: [0.5, 1] },
      },
      {
        name: "two",
        folder: "two",
        organs: ["Spleen"],
        training: { fraction: [0, 0.5] },
        validation: { fraction: [0.5, 1] },
      },
    ],
    test: [{ name: "full", folder: "full", cases: {} }],
    preprocessing: { spacingMm: [2, 2, 2], intensity: { scheme: "mr" } },
    patch: [8, 8, 8],
    network: { widths: [4, 8], strides: [[2, 2, 2]] },
    training: {
      batchSize: 1,
      partialOrganSteps: 2,
      fullOrganSteps: 2,
      learningRate: 0.01,
      warmupSteps: 0,
      validateEvery: 1,
    },
  };
  change(json);
  return json;
}
