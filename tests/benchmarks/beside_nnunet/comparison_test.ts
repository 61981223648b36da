import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { comparisonTable, seriesOf } from "../../../benchmarks/beside_nnunet/comparison_outputs.ts";
import {
  type ComparisonResult,
  missingOf,
  openComparison,
  writeComparison,
} from "../../../benchmarks/beside_nnunet/comparison_record.ts";
import { diceAgainstMinutes } from "../../../benchmarks/figures/dice_against_minutes.ts";
import { withFolder } from "../../support/runs/with_folder.ts";
import { MACHINE } from "../../support/benchmarks/fake_record.ts";

function result(values: Partial<ComparisonResult> = {}): ComparisonResult {
  return {
    contestant: "ours",
    budgetMinutes: 5,
    minutes: 4.9,
    updates: 300,
    seconds: { preparing: 10, rehearsal: 12, training: 250, predicting: 22 },
    network: { spacingMm: [1, 1, 1], patch: [32, 48, 32], patchesPerUpdate: 2, widths: [16, 32] },
    organs: { Liver: 0.9, Spleen: 0.7 },
    dice: 0.8,
    othersShare: 0.01,
    started: "2026-01-02T03:04:05Z",
    ended: "2026-01-02T03:09:05Z",
    versions: { Deno: "2.8.1", TensorFlow: "2.21.0", torch: "2.15.0", nnunetv2: "2.8.1" },
    git: { commit: "0123456789", modified: false },
    ...values,
  };
}

const begun = { cohort: "tiny", cohortHash: "abc", machine: MACHINE };

Deno.test("what is missing comes by budgets, the smallest first", () => {
  const results = [result(), result({ contestant: "nnunet", budgetMinutes: 10 })];
  assertEquals(missingOf({ results }, { contestants: ["ours", "nnunet"], budgets: [10, 5] }), [
    { contestant: "nnunet", budgetMinutes: 5 },
    { contestant: "ours", budgetMinutes: 10 },
  ]);
});

Deno.test("a record is gone on with, unless its cohort or its host is another", () =>
  withFolder(async (folder) => {
    const first = await openComparison(folder, begun);
    assertEquals(first, { path: join(folder, "v001"), record: { ...begun, results: [] } });
    assertEquals(await openComparison(folder, begun), first, "it was killed before it had a result");
    await writeComparison(first.path, { ...begun, results: [result()] });
    assertEquals((await openComparison(folder, begun)).record.results, [result()]);
    const other = await openComparison(folder, { ...begun, cohortHash: "def" });
    assertEquals([other.path, other.record.results], [join(folder, "v002"), []]);
    await writeComparison(other.path, other.record);
    const elsewhere = { ...begun, cohortHash: "def", machine: { ...MACHINE, host: "there" } };
    assertEquals((await openComparison(folder, elsewhere)).path, join(folder, "v003"));
    await Deno.writeTextFile(join(folder, "v003", "comparison.json"), '{"cohort": "tiny"}');
    await assertRejects(() => openComparison(folder, begun), Error, "Cannot read comparison");
  }));

Deno.test("the figure has a line a contestant, its points by minutes with their updates", () => {
  const results = [
    result({ budgetMinutes: 10, minutes: 10.1, dice: 0.85, updates: 700 }),
    result({ contestant: "nnunet", dice: 0.2, updates: 40 }),
    result(),
  ];
  const series = seriesOf(results);
  assertEquals([...series.keys()], ["Consilium, oracle", "nnU-Net, its own plan"]);
  const { data, layout } = diceAgainstMinutes(series, { title: "Dice", budgets: [5, 10] });
  assertEquals(data.map(({ x, y, text }) => ({ x, y, text })), [
    { x: [4.9, 10.1], y: [0.8, 0.85], text: ["300", "700"] },
    { x: [4.9], y: [0.2], text: ["40"] },
  ]);
  const axis = layout.xaxis as { type: string; ticktext: string[]; range: [number, number] };
  assertEquals([axis.type, axis.ticktext], ["log", ["5", "10"]]);
  assert(axis.range[0] < Math.log10(4.9) && axis.range[1] > Math.log10(10.1));
});

Deno.test("the table has a row a result and says which were disturbed", () => {
  const results = [
    result({ budgetMinutes: 10, othersShare: 0.3 }),
    result({ contestant: "nnunet" }),
    result(),
  ];
  const { columns, rows, blocks, notes } = comparisonTable({ ...begun, results });
  assertEquals(columns.slice(-3), ["Liver", "Spleen", "mean Dice"]);
  assertEquals(rows.map((row) => row.slice(0, 4)), [
    [5, "Consilium, oracle", 4.9, 300],
    [5, "nnU-Net, its own plan", 4.9, 300],
    [10, "Consilium, oracle", 4.9, 300],
  ]);
  assertEquals(blocks, [2]);
  const disturbed = notes.filter((note) => note.startsWith("DISTURBED"));
  assertEquals(disturbed.length, 1);
  assertStringIncludes(disturbed[0]!, "30 % of the processors beside Consilium, oracle, 10 minutes");
});
