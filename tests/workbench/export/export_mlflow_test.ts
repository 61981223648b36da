import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { parse } from "yaml";
import { exportResults } from "../../../lib/commands/export.ts";
import { filesBelow } from "../../../lib/files/folder_contents.ts";
import { metricKey } from "../../../lib/workbench/export/mlflow_store.ts";
import { withOutput } from "../../support/commands/with_output.ts";
import { fakeOptions, fakeTraining } from "../../support/runs/fake_training.ts";
import { withFolder } from "../../support/runs/with_folder.ts";
import { openRun } from "../../../lib/runs/open_run.ts";

Deno.test("a finished run as MLflow's file store has it: parameters, scores, terms by step, tables, whole addresses", () =>
  withFolder(async (results) => {
    await withOutput(async () =>
      fakeTraining(await openRun("mutual", { cohort: "toy", seed: 3 }, fakeOptions(results)))
    );
    const out = join(results, "mlruns"), args = ["mlflow", "toy", "--out", out];
    assertEquals((await withOutput(() => exportResults(args, { results }))).result, 0);
    const files = new Map<string, string>();
    for await (const path of filesBelow(out)) {
      files.set(path.slice(out.length + 1), await Deno.readTextFile(path));
    }
    const [run] = [...files.keys()].filter((path) => path.endsWith("/params/seed")).map((path) =>
      path.slice(0, -12)
    );
    const [experiment, id] = run!.split("/");
    assertEquals(parse(files.get(`${experiment}/meta.yaml`)!).name, "toy");
    const meta = parse(files.get(`${run}/meta.yaml`)!);
    assertEquals([meta.run_id, meta.experiment_id, meta.status, meta.run_name], [
      id,
      experiment,
      3,
      "toy/mutual/seed_3/v001",
    ]);
    assertEquals(meta.artifact_uri, `file://${out}/${run}/artifacts`);
    assertEquals(files.get(`${run}/params/seed`), "3");
    assertEquals(files.get(`${run}/tags/arm`), "mutual");
    const of = (metric: string) =>
      files.get(`${run}/metrics/${metric}`)!.trimEnd().split("\n").map((line) => line.split(" ").slice(1));
    assertEquals(of("first/a/own").length, 40);
    assertEquals(of("first/a/own")[4]![1], "5");
    assertEquals(of("median_hd95_mm/liver"), [["inf", "0"]]);
    assertEquals(of("median_assd_mm/liver"), [["nan", "0"]]);
    assertStringIncludes(files.get(`${run}/artifacts/metrics.csv`)!, "case_3");
    await assertRejects(() => exportResults(args, { results }), Error, "--out must not be there yet");
  }));

/** Of an organ or a term → as a path below metrics/, which no part leaves. */
const NAMES: [name: string, key: string][] = [
  ["a=b/c", "a_b/c"],
  ["/x//y/", "x/y"],
  ["nsd_2mm/肝", "nsd_2mm/肝"],
  ["", "_"],
  ["../x/. /..", "_/x/_/_"],
];
for (const [name, key] of NAMES) {
  Deno.test(`MLflow's name of ${JSON.stringify(name)}`, () => assertEquals(metricKey(name), key));
}
