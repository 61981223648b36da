import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { sentenceEmbeddings, vectorsOfClasses } from "../../lib/methods/sentence_embeddings.ts";
import type { PreparedStudy } from "../../lib/data/store/prepared_study.ts";

const organ = (number: number, name: string) => ({ number, name, nsdToleranceMm: 1 });
const organs = [organ(1, "Liver"), organ(2, "Spleen"), organ(3, "Aorta")];
const vectors = { file: "organs.json", background: [9, 0], organs: [[1, 0], [0, 1], [1, 1]] };
const study = { organs, vectors };

Deno.test("names have their own vectors; shuffled, each organ has the next one's; one-hot, an axis of its own", () => {
  assertEquals(vectorsOfClasses("names", study), [[9, 0], [1, 0], [0, 1], [1, 1]]);
  assertEquals(vectorsOfClasses("shuffled", study), [[9, 0], [0, 1], [1, 1], [1, 0]]);
  assertEquals(vectorsOfClasses("one_hot", { organs }), [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [
    0,
    0,
    0,
    1,
  ]]);
});

Deno.test("random vectors have the embeddings' dimension, are the same in all runs, and nearly at right angles", () => {
  const wide = { organs, vectors: { ...vectors, background: new Array<number>(384).fill(1) } };
  const random = vectorsOfClasses("random", wide);
  assertEquals(random, vectorsOfClasses("random", wide));
  assertEquals(random.map(({ length }) => length), [384, 384, 384, 384]);
  const cosine = (a: number[], b: number[]) =>
    a.reduce((sum, value, i) => sum + value * b[i]!, 0) / (Math.hypot(...a) * Math.hypot(...b));
  // The standard deviation of a cosine is 1/√384 = 0.051.
  for (const [i, j] of [[0, 1], [1, 2], [2, 3]] as const) {
    assertAlmostEquals(cosine(random[i]!, random[j]!), 0, 0.2);
  }
});

Deno.test("organs without a vector are named, with the file and what to do; one-hot vectors want none", () => {
  const { stage } = sentenceEmbeddings.stages.sentence_embeddings;
  const lacks = (classVectors: string, of: Partial<PreparedStudy>) =>
    stage.lacks!({ ...of, organs } as PreparedStudy, {
      temperature: 0.01,
      learnTemperature: false,
      partialLoss: "marginal",
      classVectors: classVectors as "names",
    });
  assertEquals(lacks("names", study), undefined);
  const without = { vectors: { ...vectors, organs: [[1, 0], undefined, undefined] } };
  const said = lacks("shuffled", without)!;
  for (const word of ["Spleen, Aorta", "embed_names.py", "organs.json"]) assert(said.includes(word), said);
  assertNotEquals(lacks("random", {}), undefined);
  assertEquals(lacks("one_hot", {}), undefined);
});
