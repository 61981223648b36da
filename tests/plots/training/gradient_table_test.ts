import { assertEquals } from "@std/assert";
import { gradientTable } from "../../../lib/plots/training/gradient_table.ts";
import type { HistoryRow } from "../../../lib/training/recorder.ts";

const row = (stage: string, step: number, terms: Record<string, number>): HistoryRow => ({
  stage,
  model: "A",
  step,
  terms,
  learningRate: 0.01,
  seconds: step,
});

Deno.test("a term's gradient is the mean over the second half of its stage, its models and all runs of the arm", () => {
  const { rows } = gradientTable([
    {
      arm: "mutual",
      rows: [
        row("one", 10, { own: 1, "gradient/own": 9 }),
        row("one", 20, { own: 1, "gradient/own": 2, "gradient/difference": 1 }),
        row("one", 20, { validation_dice: 0.5 }),
        row("two", 40, { "gradient/own": 4, "gradient/similarity": 3 }),
      ],
    },
    { arm: "mutual", rows: [row("one", 10, { "gradient/own": 9 }), row("one", 20, { "gradient/own": 6 })] },
    { arm: "early", rows: [row("one", 20, { own: 1 })] },
    { arm: "headless", rows: [row("one", 20, { "gradient/similarity": 0.00123456 })] },
  ]);
  assertEquals(rows, [
    ["mutual", "one", "own", "4.00", "1.00", 2],
    ["mutual", "one", "difference", "1.00", "0.25", 1],
    ["mutual", "two", "own", "4.00", "1.00", 1],
    ["mutual", "two", "similarity", "3.00", "0.75", 1],
    ["headless", "one", "similarity", "0.00123", undefined, 1],
  ]);
});

Deno.test("where features are compared raw, the table says whether they have a common space", () => {
  const space = (step: number, share: number) => row("one", step, { same_label_nearest: share });
  const notes = (late: number) => {
    const table = gradientTable([{ arm: "raw", rows: [space(10, 0), space(20, late)] }]);
    return table.notes!.slice(1);
  };
  const said = (percent: number, has: string) =>
    `Common space of raw, one: the same label's prototype is nearest in ${percent} % of comparisons, so the models' features ${has} one (from 90 % on).`;
  assertEquals(notes(0.9), [said(90, "have")]);
  assertEquals(notes(0.85), [said(85, "do not have")]);
});
