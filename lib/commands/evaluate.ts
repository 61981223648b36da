/**
 * The command `evaluate <folder> --cohort <cohort> --name <name>`: scores anybody's predictions for a cohort's test cases.
 *
 * It never loads TensorFlow. Exits 1 when scoring failed, 2 when called wrongly or a prediction is (nothing is written
 * then), 130 when stopped.
 *
 * @module
 */
import { headerNotes } from "../data/datasets/header_notes.ts";
import type { Cohort } from "../data/cohorts/cohort.ts";
import { withFold } from "../data/cohorts/fold.ts";
import { namesOfLabels, type Study, type StudyCase } from "../data/cohorts/study.ts";
import { resolveFolds } from "../data/cohorts/resolve_folds.ts";
import { resolveStudy } from "../data/cohorts/resolve_study.ts";
import { organTable } from "../plots/arms/organ_table.ts";
import { tableToText } from "../plots/tables/table.ts";
import { contentHash } from "../files/content_hash.ts";
import { readMetrics } from "../runs/folder/read_run.ts";
import { openRun } from "../runs/open_run.ts";
import { StoppedError } from "../runs/progress/stop_signal.ts";
import { evaluateCases, withSubjects } from "../inference/evaluate.ts";
import { gridOf, postprocess } from "../inference/postprocessing.ts";
import { takesAway } from "../models/postprocessing_rule.ts";
import { engineVersion } from "../training/engine_version.ts";
import { typed } from "../setup/typed.ts";
import { cohortLines } from "../workbench/choices.ts";
import { hashesOfCases } from "../workbench/hashes/case_hash.ts";
import { withPseudonyms } from "../workbench/pseudonyms.ts";
import { hashingOnce, hashOfFile } from "../imaging/scan_hash.ts";
import { findCohort, rootOfData } from "../workbench/cohort_paths.ts";
import { errorText } from "../text/error_text.ts";
import { exitWith } from "../terminal/exit_with.ts";
import { decideForPredictions, validationScans } from "../workbench/prediction/decide_for_predictions.ts";
import { tellDecisions } from "../workbench/session/tell_decisions.ts";
import {
  checkPredictions,
  findPredictions,
  type PredictionLabels,
  readPrediction,
} from "../workbench/prediction/prediction_files.ts";
import { organNumbers, readPredictionLabels } from "../workbench/prediction/prediction_labels.ts";
import { hashOfAllTruth, hashOfTruth } from "../workbench/prediction/truth_hash.ts";
import { withBar } from "../terminal/progress_bar.ts";
import { resultsFolder } from "../workbench/project.ts";
import { experimentNames } from "../workbench/project_experiments.ts";
import { forceOption, useForce } from "../terminal/force_option.ts";
import { readArguments } from "../terminal/read_arguments.ts";
import { refuse, showHelp } from "../terminal/usage.ts";

async function usage(): Promise<string> {
  return `Usage: ${typed("evaluate <folder> [options]")}

Scores label maps, <case id>.nii.gz, .nii, .nrrd or .mha, of every test case of
the cohort into results/<cohort>/<name>/, where they stand beside the project's
own experiments. Each lies on its scan's grid (shape and affine).

Cohorts (or the path of a JSON file):
${await cohortLines()}

Options:
  --cohort <name>   whose test cases the folder has predictions of; needed.
                    Folds, <name>@1/5 to <name>@5/5, are pooled in tables
  --name <name>     of the results, such as nnunet; needed
  --labels <file>   JSON of organ names and values, or an nnU-Net dataset.json
                    (default: values are organ numbers, an organ's place in the
                    cohort's list)
  --validation <folder>
                    predictions of the validation scans: where their Dice rises
                    by it, stray components of an organ are taken away, as the
                    project's own experiments do (default: nothing is)
  --force           take voxels that no scan of a person has as they are`;
}

const options = {
  cohort: { type: "string" },
  name: { type: "string" },
  labels: { type: "string" },
  validation: { type: "string" },
  ...forceOption,
} as const;

export interface EvaluateCommandOptions {
  /** Folder of all results. @default the project's */
  results?: string;
}

/** Runs the command; returns the exit code. */
export async function evaluatePredictions(
  args: string[],
  { results = resultsFolder }: EvaluateCommandOptions = {},
): Promise<number> {
  const { values, positionals: [folder] } = readArguments(args, { action: "evaluate", options, most: 1 });
  const { cohort: cohortName, name, labels: labelsPath, validation, help } = values;
  if (help) return showHelp(await usage());
  if (!folder || !cohortName || !name) {
    const missing = !folder
      ? "no folder is named"
      : !cohortName
      ? "--cohort is missing"
      : "--name is missing";
    return refuse(await usage(), `Cannot evaluate: ${missing}`);
  }
  useForce(values);
  await checkName(name);
  const { cohort, fold } = await findCohort(cohortName);
  const dataRoot = await rootOfData(cohort);
  const { study, folds } = await withPseudonyms(cohort, async (names) => ({
    study: await resolveStudy(cohort, { dataRoot, fold, ...names }),
    folds: fold ? await resolveFolds(cohort, { dataRoot, of: fold.of, ...names }) : [],
  }));
  const labels = labelsPath ? await readPredictionLabels(labelsPath, cohort) : organNumbers(cohort);
  warn(labels, cohort);
  const files = await checked(folder, study.test, labels);
  const judged = validation === undefined
    ? undefined
    : await checked(validation, validationScans(study), labels);
  return await score(name, { study, folds, files, judged, labels, results });
}

async function checked(
  folder: string,
  cases: readonly StudyCase[],
  labels: PredictionLabels,
): Promise<Map<string, string>> {
  const files = await findPredictions(folder, cases);
  await withBar(
    "checking predictions",
    (onProgress) => checkPredictions(cases, files, { folder, ...labels, onProgress }),
  );
  const { notes } = await headerNotes([...cases.map(({ label }) => label), ...files.values()]);
  for (const note of notes) console.error(`Note: ${note}`);
  return files;
}

/** Folders of a cohort's results that are no experiments. */
const reserved = ["stages", "tables", "figures", "report"];

async function checkName(name: string): Promise<void> {
  const problem = !/^[A-Za-z0-9][\w.-]*$/.test(name)
    ? "be of letters, digits, '_', '-' and '.'"
    : reserved.includes(name) || (await experimentNames()).includes(name)
    ? "differ from the project's own experiments"
    : "";
  if (problem) throw new Error(`Cannot evaluate: --name must ${problem}, current value is "${name}"`);
}

function warn({ values }: PredictionLabels, { organs }: Cohort): void {
  const known = new Set(Object.values(values));
  const unknown = organs.filter((_, index) => !known.has(index + 1)).map(({ name }) => name);
  if (unknown.length > 0) {
    console.error(`Warning: no label is called ${unknown.join(" or ")}; scored as not segmented`);
  }
}

interface ScoreOptions {
  study: Study;
  /** All of the cohort, where the study is one of them. */
  folds: readonly Study[];
  files: ReadonlyMap<string, string>;
  /** Predictions of validation scans. @default nothing is postprocessed */
  judged: ReadonlyMap<string, string> | undefined;
  labels: PredictionLabels;
  results: string;
}

async function score(
  name: string,
  { study, folds, files, judged, labels, results }: ScoreOptions,
): Promise<number> {
  const { organs, groups, nominalSpacing, test } = study;
  const names = namesOfLabels(study);
  const hashFile = hashingOnce();
  const hashesOf = (found: ReadonlyMap<string, string>) =>
    Promise.all([...found].map(async ([id, path]) => [id, await hashOfFile(path)]));
  const run = await openRun(name, { cohort: withFold(study.name, study.fold) }, {
    results,
    cohort: study.name,
    data: {
      hash: await hashOfTruth(study, hashFile),
      cases: { test: test.map(({ id }) => id) },
      testHashes: await hashesOfCases(study, hashFile),
      ...study.fold && { fold: { ...study.fold, dataHash: await hashOfAllTruth(folds, hashFile) } },
    },
    methodVersion: engineVersion,
    inputs: {
      labels: await contentHash(labels.values),
      predictions: await contentHash(await hashesOf(files)),
      ...judged && { validation: await contentHash(await hashesOf(judged)) },
    },
  });
  try {
    const rows = run.finished ? await readMetrics(run) : await withBar("scoring", async (onProgress) => {
      const labelSet = organs.map(({ number }) => number), { values } = labels;
      const decisions = judged ? await decideForPredictions(study, { files: judged, values }) : [];
      await tellDecisions(decisions, { study, run });
      const rules = decisions.map(({ rule }) => rule).filter(takesAway);
      const scores = await evaluateCases(test, {
        organs,
        groups,
        nominalSpacing,
        signal: run.signal,
        async predict({ id }) {
          const map = await readPrediction(files.get(id)!, { values, labelSet });
          return { ...map, data: postprocess(map.data, rules, gridOf(map)) };
        },
        onProgress,
      });
      return withSubjects(scores, test);
    });
    await run.finish(rows);
    console.log(tableToText(organTable(rows, { organs: [...names.values()] })));
    console.log(`Scores of every case: ${run.folder}/metrics.csv`);
    return 0;
  } catch (error) {
    await run.fail(error as Error);
    console.error(errorText(error));
    return error instanceof StoppedError ? 130 : 1;
  }
}

if (import.meta.main) await exitWith(evaluatePredictions);
