import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { historyToCsv, readHistoryFile } from "../../lib/runs/tables/history.ts";
import { readPostprocessing } from "../../lib/runs/folder/read_run.ts";
import { type PostprocessingRow, postprocessingToCsv } from "../../lib/runs/tables/postprocessing.ts";
import {
  type PseudoLabelRow,
  pseudoLabelsToCsv,
  readPseudoLabelsFile,
} from "../../lib/runs/tables/pseudo_labels.ts";
import type { ScoreRow } from "../../lib/metrics/score_row.ts";
import { readScores, scoresToCsv } from "../../lib/runs/tables/scores.ts";
import type { HistoryRow } from "../../lib/training/recorder.ts";
import { withFolder } from "../support/runs/with_folder.ts";

const scores: ScoreRow[] = [
  { case: 'a "1", b', dataset: "A", organ: "liver", dice: 0.1 + 0.2, hd95: 1e-9, assd: 12, nsd: 1 },
  { case: "2", dataset: "A", organ: "spleen", dice: 0, hd95: Infinity, assd: Infinity, nsd: 0 },
  { case: "3", dataset: "B", organ: "spleen", dice: NaN, hd95: NaN, assd: NaN, nsd: NaN },
];

Deno.test("metrics.csv: every double comes back, NaN and infinities by names that pandas and R read", () =>
  withFolder(async (folder) => {
    const text = scoresToCsv(scores);
    assertEquals(text.split("\n").slice(0, 3), [
      "case,dataset,organ,dice,nsd,hd95_mm,assd_mm",
      '"a ""1"", b",A,liver,0.30000000000000004,1,1e-9,12',
      "2,A,spleen,0,0,Infinity,Infinity",
    ]);
    await Deno.writeTextFile(join(folder, "metrics.csv"), text);
    assertEquals(await readScores(join(folder, "metrics.csv")), scores);
    assertEquals(await readScores(join(folder, "none.csv")), []);
    const other = [{ case: "1", dataset: "A", organ: "liver", dice: 0.5, nsd: 0.25, nsdToleranceMm: 2 }];
    assertEquals(scoresToCsv(other), "case,dataset,organ,dice,nsd,nsd_tolerance_mm\n1,A,liver,0.5,0.25,2\n");
    await Deno.writeTextFile(join(folder, "other.csv"), scoresToCsv(other));
    assertEquals(await readScores(join(folder, "other.csv")), other);
    const people = [{ case: "2", dataset: "A", subject: "1", organ: "liver", dice: 0.5 }];
    assertEquals(scoresToCsv(people), "case,dataset,subject,organ,dice\n2,A,1,liver,0.5\n");
    await Deno.writeTextFile(join(folder, "people.csv"), scoresToCsv(people));
    assertEquals(await readScores(join(folder, "people.csv")), people);
    await assertRejects(
      () => readPseudoLabelsFile(join(folder, "metrics.csv")),
      Error,
      "current columns are case",
    );
  }));

Deno.test("metrics.csv of another version: metrics that it lacks are none, columns not known here are left out", () =>
  withFolder(async (folder) => {
    const path = join(folder, "metrics.csv");
    const read = async (text: string) => {
      await Deno.writeTextFile(path, text);
      return await readScores(path);
    };
    const row = { case: "1", dataset: "A", organ: "liver" };
    assertEquals(await read("case,dataset,organ,dice\n1,A,liver,0.5\n"), [{ ...row, dice: 0.5 }]);
    assertEquals(
      await read("volume_ml,organ,dataset,case,hd95_mm,dice,nsd\n12,liver,A,1,3,0.5,\n,liver,A,1,,NaN,1\n"),
      [{ ...row, dice: 0.5, hd95: 3 }, { ...row, dice: NaN, nsd: 1 }],
    );
    for (
      const [text, problem] of [
        ["case,dataset,organ,dice\n1,A,liver,\n", 'dice must be a number, row 2 has ""'],
        ["case,dataset,organ,dice\n1,A,liver,good\n", 'dice must be a number, row 2 has "good"'],
        ["case,dataset,organ,dice\n1,A,liver,0x1\n", 'dice must be a number, row 2 has "0x1"'],
        ["case,dataset,organ,dice\n1,A,liver,1.5\n", 'dice must be a number from 0 to 1, row 2 has "1.5"'],
        ["case,dataset,organ,dice\n1,A,liver,0.1\n1,A, ,0.1\n", 'organ must be a text, row 3 has " "'],
      ] as const
    ) await assertRejects(() => read(text), Error, problem);
    await assertRejects(
      () => read("case,dataset,organ,hd95_mm\n1,A,liver,3\n"),
      Error,
      "columns case, dataset, organ, dice are wanted, current columns are case, dataset, organ, hd95_mm",
    );
  }));

Deno.test("history.csv: stages with other terms share one table", () =>
  withFolder(async (folder) => {
    const common = { model: "a", learningRate: 0.01, seconds: 1.5 };
    const rows: HistoryRow[] = [
      { ...common, stage: "partial", step: 1, terms: { own: 0.5 } },
      { ...common, stage: "full", step: 1, terms: { full: NaN, own: 1 } },
      { ...common, stage: "full", step: 2, terms: {} },
    ];
    const text = historyToCsv(rows);
    assertEquals(text.split("\n").slice(0, 2), [
      "stage,model,step,learning_rate,seconds,own,full",
      "partial,a,1,0.01,1.5,0.5,",
    ]);
    await Deno.writeTextFile(join(folder, "history.csv"), text);
    assertEquals(await readHistoryFile(join(folder, "history.csv")), rows);
  }));

Deno.test("pseudo_labels.csv comes back as it was written", () =>
  withFolder(async (folder) => {
    const rows: PseudoLabelRow[] = [
      {
        case: "1",
        dataset: "A",
        organ: "liver",
        kept: true,
        filter: "",
        voxels: 812,
        confidence: 0.91,
        dice: NaN,
      },
      {
        case: "1",
        dataset: "A",
        organ: "vein",
        kept: false,
        filter: "volume",
        voxels: 3,
        confidence: 0.4,
        dice: 0,
      },
    ];
    // As runs wrote it before every filter was asked.
    await Deno.writeTextFile(join(folder, "old.csv"), pseudoLabelsToCsv(rows));
    assertEquals(await readPseudoLabelsFile(join(folder, "old.csv")), rows);
    rows[0]!.objections = [];
    rows[1]!.objections = ["volume", "feature"];
    await Deno.writeTextFile(join(folder, "p.csv"), pseudoLabelsToCsv(rows));
    assertEquals(await readPseudoLabelsFile(join(folder, "p.csv")), rows);
  }));

Deno.test("postprocessing.csv comes back as it was written; runs without one have no rows", () =>
  withFolder(async (folder) => {
    const rows: PostprocessingRow[] = [
      { organ: "liver", largest: true, minimumMm3: 0, cases: 3, before: 0.8, after: 0.9 },
      { organ: "vein", largest: false, minimumMm3: 12.25, cases: 0, before: NaN, after: NaN },
    ];
    assertEquals(await readPostprocessing({ folder }), []);
    await Deno.writeTextFile(join(folder, "postprocessing.csv"), postprocessingToCsv(rows));
    assertEquals(await readPostprocessing({ folder }), rows);
  }));
