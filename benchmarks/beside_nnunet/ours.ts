/**
 * `oracle` trained for so many updates as fit, then asked for the validation scans: what nnunet.py is of nnU-Net, with the same
 * answers.
 *
 * deno run -A ours.ts <settings>, which are JSON: `cohort`; `rehearsalSeconds`; `seed`; an empty folder `store` for preprocessed
 * cases; a folder `predictions`
 *
 * @module
 */
import { join } from "@std/path";
import type { PreparedStudy } from "../../lib/data/store/prepared_study.ts";
import { prepareStudy } from "../../lib/data/store/prepared_study.ts";
import { loadScan } from "../../lib/imaging/load_scan.ts";
import { writeNifti } from "../../lib/imaging/nifti/write_nifti.ts";
import { averagePredictor, type OrganModel } from "../../lib/inference/predictor.ts";
import { segmentScan } from "../../lib/inference/segment_scan.ts";
import { trainMethodStage } from "../../lib/methods/definition/train_stage.ts";
import { findExperiment } from "../../lib/methods/experiments.ts";
import { organsOf, validationOf } from "../../lib/methods/shared/one_network.ts";
import { createUnet } from "../../lib/models/unet.ts";
import type { Recorder } from "../../lib/training/recorder.ts";
import { validationScores } from "../../lib/training/validation.ts";
import { findStudy } from "../../lib/workbench/load_study.ts";
import { programArguments } from "../contests/program_arguments.ts";
import { resultRecorder } from "../contests/result_recorder.ts";
import { patchesPerUpdate } from "./our_plan.ts";
import { type RawCase, rawCases } from "./raw_folder.ts";

/** As of nnunet.py. */
const LEAST_UPDATES = 4, REHEARSED_SCANS = 2;

const [text] = programArguments(["settings"]);
const { cohort, rehearsalSeconds, seed, store, predictions } = JSON.parse(text);
const found = await findStudy(cohort, { showAll: true, trains: true });
const study = await prepareStudy(found, { folder: store });
const { validation } = rawCases(found);
const { stages: { single }, arms } = findExperiment("oracle")!.method;
answer({
  spacingMm: study.preprocessing.spacingMm,
  patch: study.patch,
  patchesPerUpdate: patchesPerUpdate(found),
  widths: study.network.widths,
});

answer({ updateSeconds: await rehearseUpdates(), scanSeconds: await rehearseScans() });
const { value } = await Deno.stdin.readable.pipeThrough(new TextDecoderStream()).getReader().read();
const { models: [model] } = await train(resultRecorder(), Number(value));
answer({ trained: true });
await predict(model!, validation);
answer({ predicted: true });
// The patches' workers would keep the process alive.
Deno.exit();

/** All updates are one schedule; its last weights are validated and kept, as nnU-Net's are. */
function train(recorder: Recorder, updates: number) {
  const training: PreparedStudy["training"] = { ...study.training, validateEvery: updates };
  return trainMethodStage({ ...study, training }, recorder, {
    ...single!,
    values: { ...arms!.oracle!.set, seed, fullOrganSteps: updates },
    checkpointSeconds: Infinity,
  });
}

/** Seconds of each of some updates, which leave nothing behind. */
async function rehearseUpdates(): Promise<number[]> {
  const stop = new AbortController();
  const seconds: number[] = [];
  let before = performance.now();
  const onStep = () => {
    const now = performance.now();
    seconds.push((now - before) / 1000);
    before = now;
    const enough = seconds.reduce((a, b) => a + b) >= rehearsalSeconds;
    if (enough && seconds.length >= LEAST_UPDATES) stop.abort();
  };
  // More than anyone takes: it is stopped.
  await train(resultRecorder({ signal: stop.signal, onStep }), 1e6).catch((error) => {
    if (!stop.signal.aborted) throw error;
  });
  return seconds;
}

/** Seconds of what is done with a scan after training: the engine's validation, and its label map. */
async function rehearseScans(): Promise<number> {
  const organs = organsOf(study);
  const model = createUnet({ ...study.network, classes: organs.length + 1, seed });
  const fresh = { name: "fresh", organs, model };
  let seconds = NaN;
  for (const [index, one] of validation.slice(0, REHEARSED_SCANS).entries()) {
    const start = performance.now();
    const cases = [validationOf(study)[index]!];
    await validationScores(fresh, { cases, window: study.patch });
    await predict(fresh, [one]);
    seconds = (performance.now() - start) / 1000;
  }
  model.dispose();
  return seconds;
}

/** Segments scans on their own grids. */
async function predict(model: OrganModel, cases: readonly RawCase[]): Promise<void> {
  const predictor = averagePredictor([model]);
  const { preprocessing, patch: window } = study;
  for (const { name, scan: { image } } of cases) {
    const scan = await loadScan(image);
    const map = await segmentScan(scan, { predictor, preprocessing, window });
    await writeNifti(join(predictions, `${name}.nii.gz`), map, { like: scan.header });
  }
}

function answer(value: unknown): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(value)}\n`));
}
