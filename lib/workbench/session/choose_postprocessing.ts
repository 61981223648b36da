/**
 * Which rules of postprocessing the validation cases favour, as a stage of the run (METHOD section 0, postprocessing).
 *
 * @module
 */
import type { StudyCase } from "../../data/cohorts/study.ts";
import { loadScan } from "../../imaging/load_scan.ts";
import {
  type CandidateDice,
  candidatesOf,
  decidePostprocessing,
  judgeCandidates,
  type OrganDecision,
} from "../../inference/decide_postprocessing.ts";
import { eventLoopTurn } from "../../inference/event_loop.ts";
import { predictorOf } from "../../inference/predictor.ts";
import { segmentScan } from "../../inference/segment_scan.ts";
import { smallestVolumes } from "../../inference/smallest_volumes.ts";
import type { Run } from "../../runs/open_run.ts";
import type { StageRecorder } from "../../training/recorder.ts";
import { doneOf } from "../../training/work.ts";
import type { LoadedStudy } from "../load_study.ts";
import { scoringWork } from "./arm_work.ts";
import { type Predicting, predictionInputs } from "./prediction_inputs.ts";

/** What is known so far: as JSON, in which NaN is null. */
interface Findings {
  /** [organ, mm³] */
  smallest: [number, number][];
  /** Validation cases that have been looked at, in their order: the first ones. */
  done: number;
  evidence: CandidateDice[];
}

/**
 * The rule of each organ for predictions by these models; none where the run's parameters do not ask for postprocessing, or the
 * study has no validation case. Case by case, each saved.
 */
export async function choosePostprocessing(
  study: LoadedStudy,
  run: Run,
  predicting: Predicting,
): Promise<OrganDecision[]> {
  const cases = study.datasets.flatMap(({ validationScans }) => validationScans);
  // Runs from before there was postprocessing do not know the parameter.
  if (run.parameters.postprocessing !== true || cases.length === 0) return [];
  const stage = await run.stage("postprocessing", predictionInputs(study, predicting));
  const saved = await findingsOf(stage);
  const { smallest, evidence } = saved && stage.finished
    ? saved
    : await lookAt(cases, stage, { study, predicting, saved });
  return decidePostprocessing(candidatesOf(study.organs, new Map(smallest)), evidence);
}

async function lookAt(
  cases: readonly StudyCase[],
  stage: StageRecorder,
  { study, predicting, saved }: { study: LoadedStudy; predicting: Predicting; saved: Findings | undefined },
): Promise<Findings> {
  const { models, inference } = predicting, { signal } = stage;
  const { organs, datasets, preprocessing, patch: window } = study;
  const findings = saved ?? {
    smallest: [
      ...await smallestVolumes(
        datasets.flatMap(({ training, validation }) => [...training, ...validation]),
        { ...preprocessing, signal },
      ),
    ],
    done: 0,
    evidence: [],
  };
  const candidates = candidatesOf(organs, new Map(findings.smallest));
  const work = scoringWork(study, { stage: "postprocessing", inference, models: models.length });
  const tell = () =>
    stage.progress({
      stage: "postprocessing",
      step: findings.done,
      steps: cases.length,
      unit: "case",
      work: doneOf(work, { postprocessing: findings.done }),
    });
  tell();
  for (const one of cases.slice(findings.done)) {
    await eventLoopTurn();
    signal.throwIfAborted();
    const predictor = predictorOf(models, { inference, organCount: organs.length, without: one.without });
    const scan = await loadScan(one.image);
    const prediction = await segmentScan(scan, { predictor, preprocessing, window, signal });
    findings.evidence.push(...await judgeCandidates(prediction, one, candidates));
    findings.done++;
    await stage.save("result", { tensors: {}, meta: { ...findings } });
    tell();
  }
  await stage.finish();
  return findings;
}

async function findingsOf(stage: StageRecorder): Promise<Findings | undefined> {
  const meta = (await stage.restore("result"))?.meta as Findings | undefined;
  return meta && {
    ...meta,
    evidence: meta.evidence.map(({ organ, dice }) => ({ organ, dice: dice.map((one) => one ?? NaN) })),
  };
}
