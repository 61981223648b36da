import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { ScoreRow } from "../../lib/metrics/score_row.ts";
import { domainMatrix } from "../../lib/plots/arms/domain_matrix.ts";
import type { Layout } from "../../lib/plots/figure.ts";

const row = (organ: string, dataset: string, one: string, dice: number, seed: number): ScoreRow => ({
  case: one,
  hd95: 1,
  assd: 1,
  nsd: dice,
  organ,
  dataset,
  dice,
  seed,
});

const rows = [
  row("Liver", "here", "a", 0.9, 1),
  row("Liver", "here", "a", 0.7, 2),
  row("Liver", "here", "b", 0.6, 1),
  row("Liver", "here", "b", NaN, 2), // in neither truth nor prediction: the other seed counts
  row("Liver", "there", "c", 0.1, 1),
  row("Spleen", "there", "c", 0.5, 1),
];

Deno.test("a cell is the mean over the cases of its organ and test set, seeds averaged first; what no case has stays empty", () => {
  const { data } = domainMatrix({ arm: rows, other: rows.slice(0, 1) });
  const [first, second] = data.map(({ z }) => z as (number | null)[][]);
  assertAlmostEquals(first![0]![0]!, 0.7, 1e-12); // of 0.8 and 0.6
  assertEquals([first![0]![1], ...first![1]!], [0.1, null, 0.5]);
  assertEquals(second, [[0.9, null], [null, null]]);
});

Deno.test("only cells that are there are framed, in every panel", () => {
  const { layout } = domainMatrix({ arm: rows, other: rows }, {
    unlabelled: [["Spleen", "there"], ["Spleen", "nowhere"]],
  });
  const frames = layout.shapes as Layout[];
  assertEquals(frames.map(({ xref, x0, y0 }) => [xref, x0, y0]), [["x", 0.54, 0.56], ["x2", 0.54, 0.56]]);
});
