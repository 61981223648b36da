/** What a cohort may leave out leaves no trace in identities where it is written down as it is without being. */
import { assertEquals, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import { CohortFile } from "../../../lib/data/cohorts/cohort.ts";
import { parseCohort } from "../../../lib/data/cohorts/read_cohort.ts";
import { resolveStudy } from "../../../lib/data/cohorts/resolve_study.ts";
import { jsonSchemaOf, schemaAt } from "../../../lib/data/json_schema.ts";
import { DEFAULT_AUGMENTATION } from "../../../lib/data/patches/augment_options.ts";
import { canonicalJson } from "../../../lib/files/content_hash.ts";
import { tinyCohort } from "../../support/data/cohorts/tiny_cohort.ts";
import { inTempFolder, tinyCases, writeDecathlon } from "../../support/data/datasets/tiny_dataset.ts";

/** No value says that the key is left out. */
const NONE = undefined;

/** Every key that may be left out of these, with the value that it has then. */
const USUAL: Record<string, Record<string, unknown>> = {
  network: {
    kernels: [[3, 3, 3], [3, 3, 3]],
    projection: NONE,
    deepSupervision: false,
    precision: "float32",
  },
  training: { averagedWeights: NONE, foregroundShare: NONE, augmentation: {} },
  "training.augmentation": { ...DEFAULT_AUGMENTATION },
};

type Json = Record<string, unknown>;

/** Calls the test with what tells the study of the tiny cohort, with such a change. */
function inStudies(test: (study: (change: (json: Json) => void) => Promise<string>) => Promise<void>) {
  return inTempFolder(async (dataRoot) => {
    for (const [name, start] of [["one", 1], ["two", 21], ["full", 41]] as const) {
      await writeDecathlon(join(dataRoot, name), tinyCases(20, start));
    }
    await test(async (change) =>
      canonicalJson(await resolveStudy(parseCohort(tinyCohort(change), "tiny.json"), { dataRoot }))
    );
  });
}

/** Writes values into an object of the cohort, which is made where it is not there. */
const writing = (place: string, values: Json) => (json: Json) =>
  void Object.assign(
    place.split(".").reduce<Json>((found, key) => (found[key] ??= {}) as Json, json),
    values,
  );

Deno.test("the values that keys of a network and of training have when they are left out leave no trace", () =>
  inStudies(async (study) => {
    const plain = await study(() => {});
    for (const [place, usual] of Object.entries(USUAL)) {
      const { properties, required = [] } = schemaAt(jsonSchemaOf(CohortFile), place.split("."))[0]!;
      const optional = Object.keys(properties!).filter((key) => !required.includes(key));
      assertEquals(
        Object.keys(usual).sort(),
        optional.sort(),
        `${place}: a key without its usual value here`,
      );
      for (const [key, value] of Object.entries(usual)) {
        if (value !== NONE) {
          assertEquals(await study(writing(place, { [key]: value })), plain, `${place}.${key}`);
        }
      }
    }
    const told = { publishScans: false, splitSeed: 1, $schema: "./cohort.schema.json" };
    assertEquals(await study((json) => Object.assign(json, told)), plain);
    assertNotEquals(await study(writing("network", { precision: "bfloat16" })), plain);
  }));
