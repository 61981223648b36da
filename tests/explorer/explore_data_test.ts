import { assertEquals } from "@std/assert";
import { decodeRows, encodeRows } from "../../lib/explorer/explore_data.ts";
import { type ChosenRows, chosenRows } from "../../lib/explorer/chosen_rows.ts";
import type { Choice } from "../../lib/explorer/choice.ts";
import type { ScoreRow } from "../../lib/metrics/score_row.ts";

const row = (values: Partial<ScoreRow>): ScoreRow => ({
  case: "1",
  dataset: "a",
  organ: "liver",
  dice: 0.5,
  ...values,
});

const ROWS: ScoreRow[] = [
  row({ dice: 0.1 + 0.2, hd95: Infinity, seed: 1 }),
  row({ dice: NaN, case: "2", subject: "s", nsd: 1 / 3, nsdToleranceMm: 3, seed: 1 }),
  row({ organ: "__proto__", seed: 2 }),
  row({ dataset: "b", dice: 5e-324 }),
];

Deno.test("rows are the same to the last bit behind JSON", () => {
  assertEquals(decodeRows(JSON.parse(JSON.stringify(encodeRows(ROWS)))), ROWS);
  assertEquals(decodeRows(encodeRows([])), []);
});

const arm = (name: string, klWeight: number, rows: ScoreRow[]) => ({
  name,
  title: name,
  experiment: name,
  parameters: { klWeight },
  runs: [],
  rows: encodeRows(rows),
});

const data = {
  arms: [
    arm("one", 1, [row({ seed: 1 }), row({ seed: 2, dice: 0.75 }), row({ seed: 1, organ: "spleen" })]),
    arm("two", 1, [row({ seed: 1, dice: 0.25 })]),
    arm("three", 2, [row({ dataset: "b" })]),
  ],
};

const chosen = (choice: Partial<Choice>): ChosenRows =>
  chosenRows(data, { metric: "dice", ...choice }, { rowsOf: ({ rows }) => decodeRows(rows) });

const shown = ({ rows }: ChosenRows) =>
  Object.fromEntries(
    Object.entries(rows).map((
      [name, list],
    ) => [name, list.map(({ organ, seed, dice }) => [organ, seed, dice])]),
  );

Deno.test("a choice takes arms, seeds, datasets and organs; a group without rows is none", () => {
  assertEquals(Object.keys(chosen({}).rows), ["one", "two", "three"]);
  assertEquals(shown(chosen({ arms: ["one"], seeds: ["1"], organs: ["liver"] })), {
    one: [["liver", 1, 0.5]],
  });
  assertEquals(shown(chosen({ seeds: ["–"] })), { three: [["liver", undefined, 0.5]] });
  assertEquals(Object.keys(chosen({ datasets: ["b"] }).rows), ["three"]);
  assertEquals(chosen({ arms: [] }).rows, {});
});

Deno.test("arms with one value of a parameter stand together, their runs as seeds of their own", () => {
  const grouped = chosen({ group: "klWeight", organs: ["liver"] });
  assertEquals(shown(grouped), {
    "klWeight = 1": [["liver", 1, 0.5], ["liver", 2, 0.75], ["liver", 3, 0.25]],
    "klWeight = 2": [["liver", undefined, 0.5]],
  });
  assertEquals(grouped.notes, ["klWeight = 1 is of 2 arms together: one, two."]);
  assertEquals(Object.keys(chosen({ group: "other" }).rows), ["other = –"]);
});
