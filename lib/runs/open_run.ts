/**
 * The run that a notebook or a command writes to.
 *
 * @module
 */
import { join } from "@std/path";
import { engineVersion } from "../training/engine_version.ts";
import type { HistoryRow, Progress, Recorder } from "../training/recorder.ts";
import { describeRun, type RunSource } from "./folder/describe_run.ts";
import { readExperiment, startNotices } from "./notebooks/experiment_notebook.ts";
import type { StageWork } from "./progress/forecast.ts";
import { differences, identityHash } from "./folder/identity.ts";
import { historyToCsv } from "./tables/history.ts";
import { jsonStorage } from "./stages/json_storage.ts";
import { type Parameters, resolveParameters } from "./notebooks/parameters.ts";
import { type PseudoLabelRow, pseudoLabelsToCsv } from "./tables/pseudo_labels.ts";
import { type PostprocessingRow, postprocessingToCsv } from "./tables/postprocessing.ts";
import { keepCode } from "./notebooks/redact_scans.ts";
import { joinRunFolder, openRunFolder, type RunFolder } from "./folder/run_folder.ts";
import type { RunRecord } from "./folder/run_record.ts";
import type { StateStorage } from "./stages/saved_states.ts";
import type { ScoreRow } from "../metrics/score_row.ts";
import { scoresToCsv } from "./tables/scores.ts";
import { damagedStage, requireKept } from "./folder/sealed_run.ts";
import { type OpenStage, openStage } from "./stages/stage_cache.ts";
import { whereStopped, workOnRun } from "./progress/run_work.ts";
import { listenForStop, StoppedError } from "./progress/stop_signal.ts";
import { watchFromNotebook } from "./notebooks/notebook_watcher.ts";
import { type HistoryFigure, watchFromFile } from "./progress/watchers.ts";
import { writeWholeFile } from "../files/whole_file.ts";
import { chosenForms } from "../tensors/quickest.ts";
import { runFolderVariable } from "./notebooks/notebook_file.ts";

export interface OpenRunOptions extends Omit<RunSource, "notebook"> {
  /** Path of the experiment's notebook, which declares its parameters. @default none: nothing is declared */
  notebook?: string;
  /** How stages' states reach the disk. @default as JSON, without tensors */
  storage?: StateStorage;
  /** What a notebook shows of a stage's history, while it grows and at its end. @default nothing */
  historyFigure?: HistoryFigure;
  /** The work to come, for the time left. @default what is told of, stage by stage */
  plan?: readonly StageWork[];
  /** What is known of the machine once TensorFlow is loaded, such as its GPU. @default nothing */
  machine?: Partial<RunRecord["machine"]> | undefined;
  /** A folder that another process allotted and holds. @default the variable CONSILIUM_RUN; else its own */
  handedFolder?: string;
}

export interface Run extends Recorder {
  /** Such as `phantom/mutual/default/v001`. */
  readonly name: string;
  /** Where it is now: it ends in `.partial` until the run is whole. */
  readonly folder: string;
  readonly parameters: Parameters;
  readonly record: RunRecord;
  /** It is finished, now or before: its stages are restored, nothing is trained, nothing more is written to it. */
  readonly finished: boolean;
  /**
   * Begins work outside of the stages. Where it is can be said until other work begins.
   *
   * @returns aborted when the work is asked to stop
   * @throws StoppedError when a stop was asked for before, and nothing has heeded it yet
   */
  beginWork(): AbortSignal;
  /**
   * Does work that has the run: in a notebook an error marks the run as failed and a stop as stopped, and work that goes
   * on takes it up again.
   *
   * @throws what the work throws; a {@linkcode StoppedError} says where it was
   */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** Says where work outside of the stages is. */
  progress(progress: Progress): void;
  /** Says something to whoever watches, and keeps it in run.json. */
  note(text: string): void;
  /** Replaces pseudo_labels.csv. */
  writePseudoLabels(rows: readonly PseudoLabelRow[]): Promise<void>;
  /** Replaces postprocessing.csv. */
  writePostprocessing(rows: readonly PostprocessingRow[]): Promise<void>;
  /** Writes figures/<name>.<extension> for each content; with `scans`, to figures/scans/, which git ignores. */
  writeFigure(
    name: string,
    contents: Record<string, string | Uint8Array>,
    options?: { scans?: boolean | undefined },
  ): Promise<void>;
  /** Writes metrics.csv and history.csv and makes the run whole. */
  finish(scores: readonly ScoreRow[]): Promise<void>;
  /** Marks the run as stopped (a {@linkcode StoppedError}) or failed, and keeps it for the next start. */
  fail(error: Error): Promise<void>;
}

/**
 * Starts a run: finds the identical finished one, resumes the unfinished one, or begins a new version.
 *
 * @param given the parameters that are known; the values of the notebook's cell stand for the others
 * @throws Error before anything is written when parameters are wrong, or the very same run is in progress
 */
export async function openRun(
  experiment: string,
  given: Parameters,
  options: OpenRunOptions,
): Promise<Run> {
  const handed = options.handedFolder ?? Deno.env.get(runFolderVariable);
  if (handed !== undefined) return await joinRun(experiment, given, { ...options, handedFolder: handed });
  const { notebook: path } = options;
  const notebook = path === undefined ? undefined : await readExperiment(experiment, path);
  const parameters = notebook ? resolveParameters(given, notebook.declared) : given;
  const description = await describeRun(experiment, parameters, { ...options, notebook });
  const folder = await openRunFolder(options.results, description);
  if (notebook) { for (const notice of startNotices(parameters, notebook)) console.log(notice); }
  return makeRun(folder, parameters, options);
}

/**
 * Goes on with a run in the folder of the task that executes this notebook. The task read the notebook's file when it
 * began; what an editor has saved since is not what runs here.
 *
 * @throws Error when parameters, data or method are others than the task's
 */
async function joinRun(
  experiment: string,
  given: Parameters,
  options: OpenRunOptions & { handedFolder: string },
): Promise<Run> {
  const { handedFolder, data, methodVersion, inputs = {} } = options;
  const folder = await joinRunFolder(handedFolder);
  const { record } = folder;
  const parameters = { ...record.parameters, ...given };
  const run = { experiment, parameters, dataHash: data.hash, methodVersion, engineVersion, inputs };
  const identified = { ...run, notebookHash: record.notebookHash };
  if (await identityHash(identified) !== record.identity) {
    const what = (await differences(identified, record)).join(", ");
    throw new Error(`Cannot run ${experiment}: ${what} changed since the run was started (${handedFolder})`);
  }
  await folder.update(({ versions }) => ({ versions: { ...versions, ...options.versions } }));
  return makeRun(folder, parameters, options);
}

const origins = {
  new: "begins",
  resumed: "goes on from its last checkpoint",
  finished: "was finished before; its results are returned",
  joined: "begins",
};

function makeRun(folder: RunFolder, parameters: Parameters, options: OpenRunOptions): Run {
  let handedBack = false; // the task ends the run, but its results are whole
  const isFinished = () => folder.sealed || handedBack;
  const joined = folder.origin === "joined";
  const stop = listenForStop();
  const { historyFigure } = options;
  const watcher = joined
    ? watchFromFile(join(folder.path, "progress.jsonl"), historyFigure)
    : watchFromNotebook({ figure: historyFigure, plan: options.plan });
  const stages = new Map<string, OpenStage>();
  let place: Progress | undefined;
  console.log(`${folder.name} ${origins[folder.origin]}`);

  async function write(path: string, content: string | Uint8Array): Promise<void> {
    if (!isFinished()) await writeWholeFile(join(folder.path, path), content);
  }
  async function writeStages(): Promise<void> {
    if (isFinished()) return;
    const rows = [...stages.values()].flatMap((stage): readonly HistoryRow[] => stage.history);
    await write("history.csv", historyToCsv(rows));
    const used = [...stages.values()].map(({ name, hash, seconds, passes, reused, computedBy }) => ({
      name,
      hash,
      seconds,
      ...passes !== undefined && { passes },
      reused,
      computedBy,
    }));
    await folder.update(({ machine }) => ({
      stages: used,
      machine: { ...machine, ...options.machine, kernels: { ...machine.kernels, ...chosenForms() } },
    }));
  }
  function beginWork(): AbortSignal {
    // A task that was asked to stop does not begin anything else; a cell that is run again does.
    if (joined) stop.signal.throwIfAborted();
    const signal = joined ? stop.signal : stop.renew();
    watcher.begin();
    place = undefined;
    return signal;
  }
  function tell(progress: Progress, history?: readonly HistoryRow[]): void {
    place = progress;
    watcher.progress(progress, history);
  }
  async function during<T>(work: () => Promise<T>): Promise<T> {
    if (!isFinished() && !joined) return await workOnRun(work, { folder, place: () => place });
    try {
      return await work();
    } catch (error) {
      // A task says itself how its run has ended, and how it goes on.
      throw error instanceof StoppedError ? new StoppedError(`${whereStopped(place)}.`) : error;
    }
  }
  function close(): void {
    watcher.close();
    for (const stage of stages.values()) stage.release();
    stop.close();
  }
  function note(text: string): void {
    watcher.note(text);
    if (!isFinished()) void folder.update(({ notes }) => ({ notes: [...notes, text] }));
  }
  return {
    name: folder.name,
    get folder() {
      return folder.path;
    },
    get record() {
      return folder.record;
    },
    get signal() {
      return stop.signal;
    },
    parameters,
    get finished() {
      return isFinished();
    },
    beginWork,
    during,
    progress: (progress) => tell(progress),
    note,
    async stage(name, inputs) {
      const identity = {
        root: join(folder.cohortFolder, "stages"),
        inputs,
        fresh: folder.record.fresh ? folder.name : undefined,
      };
      if (isFinished()) await requireKept(name, { ...identity, run: folder });
      const signal = beginWork();
      const stage = await openStage(name, {
        ...identity,
        storage: options.storage ?? jsonStorage,
        run: folder.name,
        signal,
        watcher: { ...watcher, note, progress: tell },
        onSaved: writeStages,
        onDamaged(reason) {
          if (isFinished()) throw damagedStage(name, { reason, run: folder });
          note(`${name}: what was saved is damaged, and is computed anew: ${reason}`);
        },
      });
      stages.set(stage.hash, stage);
      if (stage.finished) {
        await writeStages();
        if (stage.reused) {
          note(
            `${name}: computed before by ${stage.computedBy} in ${
              Math.round(stage.seconds)
            } s, taken from there`,
          );
        }
        await watcher.end(stage);
      }
      return stage;
    },
    writePseudoLabels: (rows) => write("pseudo_labels.csv", pseudoLabelsToCsv(rows)),
    writePostprocessing: (rows) => write("postprocessing.csv", postprocessingToCsv(rows)),
    async writeFigure(name, contents, { scans = false } = {}) {
      for (const [extension, content] of Object.entries(contents)) {
        await write(join("figures", scans ? "scans" : "", `${name}.${extension}`), content);
      }
    },
    async finish(scores) {
      if (isFinished()) return close();
      await during(async () => {
        await writeStages();
        await write("metrics.csv", scoresToCsv(scores));
        watcher.close();
        if (joined) { // whoever handed the folder over saves the notebook and ends the run
          handedBack = true;
          return;
        }
        const { notebook } = options;
        if (notebook) await keepCode(notebook, { to: join(folder.path, "notebook.ipynb") });
        await folder.end("finished");
      });
      if (!joined) close();
    },
    async fail(error) {
      if (!isFinished()) {
        await folder.end(error instanceof StoppedError ? "stopped" : "failed", error.message);
      }
      close();
    },
  };
}
