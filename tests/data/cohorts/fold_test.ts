import { assertEquals, assertThrows } from "@std/assert";
import { foldText, parseFold, splitFold, withFold } from "../../../lib/data/cohorts/fold.ts";

const names: [asked: string, cohort: string, fold: { part: number; of: number } | undefined][] = [
  ["hippocampus", "hippocampus", undefined],
  ["hippocampus@2/5", "hippocampus", { part: 2, of: 5 }],
  ["/data/@home/x.json", "/data/@home/x.json", undefined],
  ["/data/@home/x.json@10/10", "/data/@home/x.json", { part: 10, of: 10 }],
  ["a@b", "a@b", undefined],
];
for (const [asked, cohort, fold] of names) {
  Deno.test(`${asked} is ${cohort} with ${fold ? foldText(fold) : "no fold"}`, () => {
    assertEquals(splitFold(asked), fold ? { cohort, fold } : { cohort });
    assertEquals(withFold(cohort, fold), asked);
  });
}

Deno.test("a fold that is given twice is refused", () => {
  for (const cohort of ["a", "tiny.json", "/data/x.json"]) {
    assertThrows(
      () => splitFold(withFold(`${cohort}@1/3`, { part: 3, of: 3 })),
      Error,
      `Cannot deal folds: a fold must be given once, is given twice: ${cohort}@1/3 and 3/3`,
    );
  }
});

for (const wrong of ["0/5", "6/5", "1/2", "1/1", "", "2", "a/b", "2/5/7", "-1/5", "1.5/5"]) {
  Deno.test(`fold "${wrong}" is refused`, () => {
    assertThrows(() => parseFold(wrong), Error, `1/n to n/n with n from 3 on, current value is ${wrong}`);
  });
}
