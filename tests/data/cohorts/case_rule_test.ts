import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { type Candidate, chooseCases } from "../../../lib/data/cohorts/case_rule.ts";
import { hashFraction, subjectOf } from "../../../lib/data/cohorts/subject.ts";

const candidate = (number: number): Candidate => ({
  id: `case_${number}`,
  subject: `person ${Math.floor(number / 2)}`,
  annotated: number % 4 === 0 ? ["Liver", "Spleen"] : ["Liver"],
});

const candidates = Array.from({ length: 400 }, (_, index) => candidate(index));
const ids = (chosen: Candidate[]) => chosen.map(({ id }) => id);

Deno.test("the hash is SHA-256's first 48 bits: equal on every machine, for ever", () => {
  // python3 -c "import hashlib; print(int(hashlib.sha256(b'1:pt_1').hexdigest()[:12], 16) / 2**48)"
  assertAlmostEquals(hashFraction(1, "pt_1"), 0.19250157538484913, 1e-15);
});

Deno.test("fractions part the cases, keep every subject whole, and hold their shares", () => {
  const parts = [[0, 0.3], [0.3, 0.6], [0.6, 1]].map((fraction) =>
    chooseCases(candidates, { fraction: fraction as [number, number] }, { seed: 1 })
  );
  assertEquals(new Set(parts.flatMap(ids)).size, 400);
  assertEquals(parts.flat().length, 400);
  const subjects = parts.map((part) => new Set(part.map(({ subject }) => subject)));
  assertEquals(subjects.reduce((sum, { size }) => sum + size, 0), 200);
  parts.forEach((part, index) => assertAlmostEquals(part.length / 400, [0.3, 0.3, 0.4][index], 0.1));
});

Deno.test("a choice depends on the seed, and not on the candidates' order", () => {
  const rule = { fraction: [0, 0.5] as [number, number], count: 20 };
  const one = ids(chooseCases(candidates, rule, { seed: 1 }));
  assertEquals(ids(chooseCases([...candidates].reverse(), rule, { seed: 1 })), one);
  assert(String(ids(chooseCases(candidates, rule, { seed: 2 }))) !== String(one));
});

Deno.test("count takes the first by hash, so that a larger count only adds", () => {
  const few = ids(chooseCases(candidates, { count: 10 }, { seed: 1 }));
  const more = ids(chooseCases(candidates, { count: 30 }, { seed: 1 }));
  assertEquals([few.length, more.length], [10, 30]);
  assert(few.every((id) => more.includes(id)));
  // Not simply the first ids.
  assert(few.some((id) => Number(id.slice(5)) > 50));
});

Deno.test("requires asks for all of its organs", () => {
  const chosen = chooseCases(candidates, { requires: ["Liver", "Spleen"] }, { seed: 1 });
  assertEquals(chosen.length, 100);
});

Deno.test("splits are honoured; one that is not there is an error", () => {
  const context = { seed: 1, splits: { train: ["case_3", "case_12"], validation: ["case_4"] } };
  assertEquals(ids(chooseCases(candidates, { split: "train" }, context)), ["case_3", "case_12"]);
  assertThrows(
    () => chooseCases(candidates, { split: "dev" }, context),
    Error,
    "one of train, validation, is dev",
  );
});

Deno.test("without splits, train and validation part the subjects by a hash of their own", () => {
  const train = chooseCases(candidates, { split: "train" }, { seed: 1 });
  const validation = chooseCases(candidates, { split: "validation" }, { seed: 1 });
  assertEquals(train.length + validation.length, 400);
  assertAlmostEquals(train.length / 400, 0.8, 0.1);
  const subjects = new Set(train.map(({ subject }) => subject));
  assert(validation.every(({ subject }) => !subjects.has(subject)));
  // Independent: every fraction has cases of both.
  for (const fraction of [[0, 0.5], [0.5, 1]] as [number, number][]) {
    for (const split of ["train", "validation"]) {
      assert(chooseCases(candidates, { split, fraction }, { seed: 1 }).length > 10);
    }
  }
});

Deno.test("subjects: the dataset's word, the pattern's group, blocks counted from 1, else the id", () => {
  assertEquals(subjectOf({ id: "a_1", subject: "Ada" }, { pattern: "(\\d)" }), "Ada");
  assertEquals(subjectOf({ id: "a_1" }), "a_1");
  assertEquals(subjectOf({ id: "p07_scan2" }, { pattern: "^(p\\d+)" }), "p07");
  const block = (id: string) => subjectOf({ id }, { pattern: "(\\d+)$", blockOf: 2 });
  assertEquals(block("h_001"), block("h_002"));
  assertEquals(block("h_003"), block("h_004"));
  assert(block("h_002") !== block("h_003"));
  assertThrows(() => subjectOf({ id: "x" }, { pattern: "(\\d+)" }), Error, "which is x");
  assertThrows(() => subjectOf({ id: "x" }, { pattern: "(.)", blockOf: 2 }), Error, "must be a number, is x");
  assertThrows(
    () => subjectOf({ id: "x" }, { pattern: "x(\\d*)$", blockOf: 2 }),
    Error,
    "must be a number, is ",
  );
});
