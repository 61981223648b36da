import { assert, assertEquals, assertThrows } from "@std/assert";
import { parseCohort, readCohort } from "../../../lib/data/cohorts/read_cohort.ts";
import { InvalidFileError } from "../../../lib/data/json_file.ts";
import { tinyCohort } from "../../support/data/cohorts/tiny_cohort.ts";

for (const name of ["phantom", "hippocampus", "head_neck"]) {
  Deno.test(`the shipped cohort ${name} is valid`, async () => {
    const cohort = await readCohort(`experiments/cohorts/${name}.json`);
    assertEquals(cohort.name, name);
    assert(cohort.datasets.length >= 2);
  });
}

// deno-lint-ignore no-explicit-any -- the change breaks the type on purpose
const FAULTS: [change: (json: any) => void, ...problems: string[]][] = [
  [
    (json) =>
      json.generator = { phantom: { seed: 1, scanners: 4, scannerDifference: -1, fieldsOfView: "half" } },
    "generator.phantom.scanners",
    "generator.phantom.scannerDifference",
    "generator.phantom.fieldsOfView",
  ],
  [(json) => json.patchh = 1, "patchh: unknown key: did you mean patch?"],
  [(json) => json.datasets[1].trianing = {}, "datasets[1].trianing: unknown key: did you mean training?"],
  [
    (json) => json.datasets[1].training.fration = 1,
    "datasets[1].training.fration: unknown key: did you mean fraction?",
  ],
  [
    (json) => json.preprocessing.intensity = { scheme: "ct", clipHU: [0, 1], mean: 0, std: 1 },
    "preprocessing.intensity.clipHU: unknown key: did you mean clipHu?",
  ],
  [
    (json) => json.preprocessing.intensity.clipHu = [0, 1],
    "preprocessing.intensity.clipHu: unknown key: must be one of scheme",
  ],
  [
    (json) => json.test[0].x = 1,
    "test[0].x: unknown key: must be one of name, folder, subject, organs, cases",
  ],
  [(json) => delete json.datasets[0].training, "datasets[0].training: is missing"],
  [
    (json) => json.organs[0].mirror = "Sleen",
    "organs[0].mirror: Sleen is none of the organs: did you mean Spleen?",
  ],
  [(json) => json.datasets[0].organs = ["Livver"], "Livver is none of the organs: did you mean Liver?"],
  [(json) => json.datasets[0].validation = 3, "datasets[0].validation: must be a list or an object, is 3"],
  [(json) => json.test[0].cases = ["a", 3], "test[0].cases[1]: must be a text, is 3"],
  [(json) => delete json.organs, "organs:"],
  [(json) => json.organs[0].nsdToleranceMm = 0, "organs[0].nsdToleranceMm:"],
  [
    (json) => json.organs[1].name = "liver",
    "organs[1]: liver and Liver",
    "organs: no dataset shows liver",
    "datasets[1].organs[0]",
  ],
  [
    (json) => json.organs[1].aliases = ["LIVER"],
    "organs[1]: Spleen and Liver have one name or alias in common",
  ],
  [(json) => json.organs[0].mirror = "Spleen", "organs[0].mirror: Spleen's mirror must be Liver, is absent"],
  [(json) => json.organs[0].mirror = "Lung", "organs[0].mirror: Lung is none of the organs"],
  [(json) => json.datasets[0].organs = ["Lung"], "datasets[0].organs[0]: Lung", "no dataset shows Liver"],
  [(json) => json.datasets[1].name = "one", "datasets: two are called one"],
  [(json) => json.datasets[0].training = ["a", "a"], "datasets[0].training: a is listed twice"],
  [(json) => json.datasets[0].training.fraction = [0.5, 0.5], "datasets[0].training.fraction: must rise"],
  [(json) => json.test[0].cases.requires = ["Lung"], "test[0].cases.requires[0]: Lung"],
  [
    (json) => json.datasets[0].subject = { pattern: "x" },
    "datasets[0].subject.pattern: must have one group, has 0",
  ],
  [(json) => json.datasets[0].subject = { pattern: "(" }, "datasets[0].subject.pattern:"],
  [
    (json) => {
      json.datasets[1].folder = "one";
      json.datasets[1].subject = { pattern: "(.*)" };
    },
    "datasets[1].subject: must be the same wherever the folder is one",
  ],
  [(json) => json.patch = [8, 8, 9], "patch[2]: must be a multiple of its strides' product (2), is 9"],
  [(json) => json.network.strides = [[2, 2, 2], [2, 2, 2]], "network.strides: must have one stride less"],
  [(json) => json.network.kernels = [[3, 3, 3]], "network.kernels: "],
  [
    (json) => json.network.kernels = [[1, 3, 3], [3, 3, 3], [3, 3, 3]],
    "network.kernels: must have as many sizes as widths (2), has 3",
  ],
  [
    (json) => json.network.kernels = [[1, 3, 3], [2, 3, 3]],
    "network.kernels[1]: sizes must be odd, so that they have a middle, are [2, 3, 3]",
  ],
  [
    (json) => json.network.deepSupervision = true,
    "network.deepSupervision: wants a level of the decoder between the highest and the lowest one, so 4 widths at least, has 2",
  ],
  [
    (json) => json.network = { widths: [2, 4, 8], strides: [[2, 2, 2], [2, 2, 2]], deepSupervision: true },
    "network.deepSupervision: wants a level of the decoder between the highest and the lowest one, so 4 widths at least, has 3",
  ],
  [
    (json) => json.preprocessing.intensity = { scheme: "ct", clipHu: [5, 5], mean: 0, std: 1 },
    "preprocessing.intensity.clipHu: must rise",
  ],
  [
    (json) => json.training.augmentation = { elastic: 0.2, elasticSpacingMm: 10 },
    "training.augmentation.elasticMm: must be 0.4 · elasticSpacingMm (4) at most, since farther displacements are clipped; " +
    "is [1, 5], as usual where it is left out",
  ],
  [
    (json) => json.training.augmentation = { elastic: 0.2, elasticMm: [1, 13] },
    "training.augmentation.elasticMm: must be 0.4 · elasticSpacingMm (12.8, as usual where it is left out) at most, since " +
    "farther displacements are clipped; is [1, 13]",
  ],
  [
    (json) => {
      json.preprocessing.spacingMm = [5, 2, 2];
      json.training.augmentation = { elastic: 0.2, elasticSpacingMm: 4.9, elasticMm: [0, 1] };
    },
    "training.augmentation.elasticSpacingMm: must be a voxel's longest edge (5, of preprocessing.spacingMm) at least, is 4.9",
  ],
  [
    (json) => {
      json.preprocessing.spacingMm = [40, 2, 2];
      json.training.augmentation = { elastic: 0.2 };
    },
    "(40, of preprocessing.spacingMm) at least, is 32, as usual where it is left out",
  ],
  ...[
    "axialDegrees",
    "tiltDegrees",
    "scaleFactors",
    "elasticMm",
    "noiseStd",
    "brightnessFactors",
    "contrastFactors",
    "gammaExponents",
  ].map((key): typeof FAULTS[number] => [
    (json) => json.training.augmentation = { [key]: [5, 1] },
    `training.augmentation.${key}: must not fall from lowest to highest, is [5, 1]`,
  ]),
];

for (const [change, ...problems] of FAULTS) {
  Deno.test(`a cohort is refused: ${problems[0]}`, () => {
    const { message } = assertThrows(() => parseCohort(tinyCohort(change), "tiny.json"), InvalidFileError);
    for (const problem of [...problems, "tiny.json"]) assert(message.includes(problem), message);
  });
}

Deno.test("of an elastic deformation that never happens nothing is wrong, and its grid may be as wide as one likes", () => {
  for (const elastic of [undefined, 0]) {
    parseCohort(
      tinyCohort((json) =>
        json.training.augmentation = { elastic, elasticSpacingMm: 0.1, elasticMm: [1, 9] }
      ),
      "tiny.json",
    );
  }
  const wide = { elastic: 1, elasticSpacingMm: 10_000, elasticMm: [3, 3] };
  parseCohort(tinyCohort((json) => json.training.augmentation = wide), "tiny.json");
});

Deno.test("all faults of a cohort are told at once", () => {
  const json = tinyCohort((json) => {
    json.datasets[0].organs.push("Lung");
    json.patch = [7, 8, 8];
  });
  const { problems } = assertThrows(() => parseCohort(json, "tiny.json"), InvalidFileError);
  assertEquals(problems.length, 2);
});

Deno.test("precision auto is what the machine has, as if it had been written, and asks only where it stands", async () => {
  const path = await Deno.makeTempFile({ suffix: ".json" });
  const read = async (precision: string | undefined, hasBfloat16: () => Promise<boolean>) => {
    const json = tinyCohort((json) => precision === undefined || (json.network.precision = precision));
    await Deno.writeTextFile(path, JSON.stringify(json));
    return await readCohort(path, { hasBfloat16 });
  };
  const nobody = () => Promise.reject(new Error("asked"));
  try {
    for (const [has, fixed] of [[true, "bfloat16"], [false, undefined]] as const) {
      assertEquals(await read("auto", () => Promise.resolve(has)), await read(fixed, nobody));
    }
    assertEquals((await read("float32", nobody)).network.precision, "float32");
    assertEquals(
      parseCohort(tinyCohort((json) => json.network.precision = "auto"), "tiny.json"),
      await read(undefined, nobody),
    );
  } finally {
    await Deno.remove(path);
  }
});
