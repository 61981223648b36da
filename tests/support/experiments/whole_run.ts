/** What every finished run on the tiny cohort must have in its folder. */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { readHistory, readMetrics, readPseudoLabels } from "../../../lib/notebook/results.ts";
import type { LoadedStudy } from "../../../lib/workbench/load_study.ts";
import { readNotebook } from "../../../lib/runs/notebooks/notebook.ts";
import { readRunRecord } from "../../../lib/runs/folder/run_record.ts";

export interface ExpectedRun {
  /** Its stages in their order; a star marks those that another run computed. */
  stages: string[];
  figures: string[];
}

/** Whether models learn in a stage, which a star may mark. */
const trains = (stage: string) => !/^(pseudo_labels|postprocessing|test)/.test(stage);

export async function assertWholeRun(folder: string, study: LoadedStudy, expected: ExpectedRun) {
  const record = (await readRunRecord(folder))!;
  assertEquals([record.status, record.attempts.length], ["finished", 1]);
  assertEquals(record.cases, study.data.cases);
  const stages = record.stages.map(({ name, reused }) => name + (reused ? "*" : ""));
  assertEquals(stages, expected.stages);
  assert(
    record.stages.every(({ seconds }) => seconds > 0),
    "the cost of a stage is known, whoever computed it",
  );
  const reused = stages.filter((name) => name.endsWith("*")).map((name) => name.slice(0, -1));
  assertEquals(record.notes.map((note) => note.split(":")[0]), reused);
  await assertScores(folder, study);
  await assertHistory(folder, stages.map((name) => name.replace("*", "")), study);
  await assertPseudoLabels(folder, stages.some((name) => name.startsWith("pseudo_labels")), study);
  for (const name of [...expected.figures, "organ_dice", "training_curves", "scans/slices"]) {
    await assertFigure(join(folder, "figures", name));
  }
  const trained = stages.filter(trains);
  await assertNotebook(join(folder, "notebook.ipynb"), trained.length);
  const left = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  assertEquals(left.filter((name) => /lock|partial|progress|saving/.test(name)), []);
  assert(left.includes("weights") && left.includes("predictions"));
}

async function assertScores(folder: string, { test, organs }: LoadedStudy) {
  const rows = await readMetrics({ folder });
  const wanted = test.flatMap(({ id }) => organs.map(({ name }) => `${id} ${name}`));
  assertEquals(rows.map((row) => `${row.case} ${row.organ}`), wanted);
  for (const { dice, hd95 = NaN, assd = NaN, nsd = NaN } of rows) {
    assert(dice >= 0 && dice <= 1 && nsd >= 0 && nsd <= 1 && hd95 >= 0 && assd >= 0);
  }
}

async function assertHistory(folder: string, stages: string[], { datasets, training }: LoadedStudy) {
  const rows = await readHistory({ folder });
  const trained = stages.filter(trains);
  assertEquals([...new Set(rows.map(({ stage }) => stage))], trained);
  for (const stage of trained) {
    const models = ["pooled", "single"].includes(stage) ? [stage] : datasets.map(({ name }) => name);
    const { partialOrganSteps, fullOrganSteps } = training;
    const steps = stage === "single" // it has the steps of both stages
      ? partialOrganSteps + fullOrganSteps
      : stage === "partial_organ"
      ? partialOrganSteps
      : fullOrganSteps;
    for (const model of models) {
      const last = rows.filter((row) => row.stage === stage && row.model === model && row.step === steps);
      const terms = Object.assign({}, ...last.map(({ terms }) => terms));
      assert(Number.isFinite(terms.own) && terms.validation_dice >= 0, `${stage} ${model} at step ${steps}`);
    }
  }
}

async function assertPseudoLabels(folder: string, wanted: boolean, { datasets, organs }: LoadedStudy) {
  const rows = await readPseudoLabels({ folder });
  const missing = datasets.flatMap(({ training, organs: shown }) =>
    training.flatMap(({ id }) =>
      organs.filter(({ number }) => !shown.includes(number)).map(({ name }) => `${id} ${name}`)
    )
  );
  assertEquals(rows.map((row) => `${row.case} ${row.organ}`), wanted ? missing : []);
  assertEquals(rows.some(({ kept }) => kept), wanted);
  assert(rows.every(({ kept, filter, dice }) => kept === (filter === "") && dice >= 0 && dice <= 1));
}

async function assertFigure(path: string) {
  const { data, layout } = JSON.parse(await Deno.readTextFile(`${path}.json`));
  assert(Array.isArray(data) && typeof layout === "object", path);
  const svg = await Deno.readTextFile(`${path}.svg`);
  assert(svg.startsWith("<svg") && !svg.replaceAll(/base64,[^"]*/g, "").includes("NaN"), path);
  const png = await Deno.readFile(`${path}.png`);
  assertEquals(new TextDecoder("latin1").decode(png.slice(1, 4)), "PNG", path);
}

async function assertNotebook(path: string, trainedStages: number) {
  const { cells } = await readNotebook(path);
  const code = cells.filter(({ cell_type }) => cell_type === "code");
  assertEquals(code.map(({ execution_count }) => execution_count), code.map((_, index) => index + 1));
  const outputs = code.flatMap(({ outputs }) => outputs ?? []);
  assertEquals(outputs.filter(({ output_type }) => output_type === "error"), []);
  const kinds = outputs.flatMap(({ data }) => Object.keys(data ?? {}));
  assert(kinds.includes("text/html") && kinds.includes("application/vnd.plotly.v1+json"));
  const curves = outputs.filter(({ data }) => JSON.stringify(data ?? {}).includes("Figure: Loss terms"));
  assertEquals(curves.length, trainedStages, "each trained stage shows its curves, once");
  assert(curves.every(({ data }) => Object.keys(data!).includes("image/png")));
}
