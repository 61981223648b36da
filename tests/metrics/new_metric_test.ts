import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { Shape, Spacing } from "../../lib/imaging/volume.ts";
import type { ScoreRow } from "../../lib/metrics/score_row.ts";
import { readScores, scoresToCsv } from "../../lib/runs/tables/scores.ts";
import { withEntry } from "../support/metrics/with_entry.ts";
import { withFolder } from "../support/runs/with_folder.ts";

/** The largest distance between the surfaces. */
const entry = `
  hd: {
    ...distance,
    name: "HD",
    column: "hd_mm",
    compute: ({ distances: { toTruth, toPrediction } }) =>
      toTruth.length + toPrediction.length === 0 ? NaN : Math.max(...toTruth, ...toPrediction),
    digits: 1,
  },
`;

// One row of six voxels, 2 mm wide: organ 1 is two voxels too long, organ 2 is missed.
const shape: Shape = [1, 1, 6];
const spacing: Spacing = [5, 1, 2];
const truth = Uint8Array.from([1, 1, 0, 0, 2, 0]);
const prediction = Uint8Array.from([1, 1, 1, 1, 0, 0]);

Deno.test("a new metric is one entry: computed, written, read, compared and shown", () =>
  withEntry(entry, async (load) => {
    const { scoreCase } = await load("metrics/score_case.ts");
    const scored = scoreCase(prediction, truth, {
      shape,
      spacing,
      labelSet: [1, 2],
      tolerancesMm: { 1: 1, 2: 1 },
    });
    const rows: ScoreRow[] = ["Liver", "Spleen"].map((organ, index) => ({
      case: "a",
      dataset: "full",
      organ,
      ...scored.get(index + 1),
    }));
    const { scoresToCsv: write, readScores: read } = await load("runs/tables/scores.ts");
    const { compareByAll } = await load("comparison/compare_arms.ts");
    const { organTable } = await load("plots/arms/organ_table.ts");
    await withFolder(async (folder) => {
      const path = join(folder, "metrics.csv");
      await Deno.writeTextFile(path, write(rows));
      const [header, liver, spleen] = (await Deno.readTextFile(path)).split("\n");
      assertEquals(header, "case,dataset,organ,dice,nsd,hd95_mm,assd_mm,hd_mm");
      assert(liver!.endsWith(",4") && spleen!.endsWith(",Infinity"), `${liver}\n${spleen}`);
      assertEquals(await read(path), rows);
      // As this version reads what that newer one wrote, and the other way round.
      const known = await readScores(path);
      assertEquals(scoresToCsv(known), write(rows).replaceAll(/,(hd_mm|4|Infinity)$/gm, ""));
      await Deno.writeTextFile(path, scoresToCsv(known));
      assertEquals(await read(path), known);
    });
    const { metric, name, arms } = compareByAll({ mutual: rows }).at(-1);
    assertEquals([metric, name, arms[0].organs[0].value, arms[0].organs[1].missed], ["hd", "HD", 4, 1]);
    const { columns, rows: [first, second] } = organTable(rows);
    assertEquals([columns.at(-1), first.at(-1), second.at(-1)], ["median HD (mm)", "4.0", "missed 1 of 1"]);
  }));
