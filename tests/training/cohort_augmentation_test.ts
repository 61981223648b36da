/** What a cohort says of augmentation reaches the patches of its datasets. */
import { assertEquals, assertNotEquals } from "@std/assert";
import { parseCohort } from "../../lib/data/cohorts/read_cohort.ts";
import {
  type ChangedAugmentation,
  DEFAULT_AUGMENTATION,
  NO_AUGMENTATION,
  unusualIn,
} from "../../lib/data/patches/augment_options.ts";
import { createPatchWorkers } from "../../lib/data/patches/patch_workers.ts";
import type { PreparedStudy } from "../../lib/data/store/prepared_study.ts";
import { openStream } from "../../lib/training/plan_stream.ts";
import { tinyCohort } from "../support/data/cohorts/tiny_cohort.ts";
import { inTemporaryFolder } from "../support/data/store/stored_cases.ts";
import { makeTinyStudy } from "../support/training/tiny_study.ts";

/** As cohorts are parsed: lists are lists of their own. */
type Given = PreparedStudy["training"]["augmentation"];

async function firstBatch(study: PreparedStudy, augmentation: ChangedAugmentation | undefined) {
  const [{ training, organs }] = study.datasets as [PreparedStudy["datasets"][number]];
  const workers = createPatchWorkers({ workers: 1 });
  const stream = openStream("a", {
    plan: {
      networks: {},
      streams: { a: { cases: training, shown: organs } },
      objective: () => ({ rounds: () => [] }),
    },
    study: { ...study, training: { ...study.training, augmentation: augmentation as Given } },
    stage: "stage",
    seed: 1,
    steps: 1,
    firstStep: 0,
    workers,
  });
  try {
    return await stream.next();
  } finally {
    stream.close();
    workers.close();
  }
}

/** The same rows, each from its other end. */
const reversed = (values: ArrayLike<number>) => Array.from(values, (_, i) => values[i - i % 8 + 7 - i % 8]!);

Deno.test("mirroring is drawn where a cohort says so: images turn, paired organs change places", () =>
  inTemporaryFolder(async (folder) => {
    const plain = await makeTinyStudy(folder, [[1, 2]]);
    const [one, two] = plain.organs;
    const study = { ...plain, organs: [{ ...one!, mirror: 2 }, { ...two!, mirror: 1 }] };
    const [as, mirrored] = [
      await firstBatch(study, NO_AUGMENTATION),
      await firstBatch(study, { ...NO_AUGMENTATION, mirror: 1 }),
    ];
    assertEquals([...mirrored.images], reversed(as.images));
    const swapped = reversed(as.labels).map((code) => code === 1 ? 2 : code === 2 ? 1 : code);
    assertEquals([...mirrored.labels], swapped);
    assertNotEquals(mirrored.labels, as.labels);
  }));

Deno.test("patches are bent where a cohort says so", () =>
  inTemporaryFolder(async (folder) => {
    const study = await makeTinyStudy(folder, [[1]]);
    const bent = { ...NO_AUGMENTATION, elastic: 1, elasticSpacingMm: 4, elasticMm: [1, 1] as const };
    assertNotEquals(await firstBatch(study, bent), await firstBatch(study, NO_AUGMENTATION));
  }));

Deno.test("a cohort may say everything that is usual", () => {
  const json = tinyCohort((json) => json.training.augmentation = { ...DEFAULT_AUGMENTATION });
  assertEquals(
    parseCohort(json, "tiny.json").training.augmentation as ChangedAugmentation,
    DEFAULT_AUGMENTATION,
  );
});

Deno.test("what is written down as usual is nothing unusual", () => {
  assertEquals(unusualIn({ mirror: 0, axialDegrees: [-15, 15] }), undefined);
  assertEquals(unusualIn({}), undefined);
  assertEquals(unusualIn({ mirror: 0.5, noise: 0.1 }), { mirror: 0.5 });
});

Deno.test("how something is done that never happens is nothing unusual, and changes no patch", () =>
  inTemporaryFolder(async (folder) => {
    assertEquals(unusualIn({ elasticSpacingMm: 20, elasticMm: [1, 2] }), undefined);
    const off = { rotation: 0, scale: 0, elastic: 0, noise: 0, brightness: 0, contrast: 0, gamma: 0 };
    const details: ChangedAugmentation = {
      axialDegrees: [1, 2],
      tiltDegrees: [1, 2],
      scaleFactors: [1, 2],
      elasticSpacingMm: 20,
      elasticMm: [1, 2],
      noiseStd: [1, 2],
      brightnessFactors: [1, 2],
      contrastFactors: [1, 2],
      gammaExponents: [1, 2],
    };
    const { elastic: _, ...unusual } = off;
    assertEquals(unusualIn({ ...off, ...details }), unusual);
    assertEquals(unusualIn({ elastic: 0.1, ...details }), { elastic: 0.1, ...details });
    const study = await makeTinyStudy(folder, [[1]]);
    assertEquals(await firstBatch(study, { ...off, ...details }), await firstBatch(study, off));
  }));

Deno.test("what a cohort leaves out is as usual", () =>
  inTemporaryFolder(async (folder) => {
    const study = await makeTinyStudy(folder, [[1]]);
    assertEquals(await firstBatch(study, {}), await firstBatch(study, undefined));
    assertNotEquals(
      (await firstBatch(study, { noise: 1, noiseStd: [1, 1] })).images,
      (await firstBatch(study, undefined)).images,
    );
  }));
