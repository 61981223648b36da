/**
 * The command `predict --run <folder> <scan>… --out <folder>`: segments scans on their own grids.
 *
 * Exits 1 when a scan could not be segmented, 2 when called wrongly (nothing is computed then), 130 when stopped.
 *
 * @module
 */
import { typed } from "../setup/typed.ts";
import { unknownName } from "../text/unknown_name.ts";
import { resultLines } from "../workbench/choices.ts";
import { exitWith } from "../terminal/exit_with.ts";
import { findBundle } from "../workbench/prediction/find_bundle.ts";
import { listenForInterrupts } from "../terminal/interrupts.ts";
import { resultsFolder } from "../workbench/project.ts";
import { forceOption, useForce } from "../terminal/force_option.ts";
import { readArguments } from "../terminal/read_arguments.ts";
import { listScans } from "../workbench/prediction/scan_list.ts";
import { refuse, showHelp, UsageError } from "../terminal/usage.ts";
import { useGpu } from "../workbench/use_gpu.ts";

async function usage(): Promise<string> {
  return `Usage: ${typed("predict --run <run> --out <folder> <scan>…")}

Segments scans (NIfTI, NRRD, MetaImage) with the models of a run. Each label map
is NIfTI with its scan's name, grid, orientation and affine; organs.label.txt
(ITK-SNAP) and organs.ctbl (3D Slicer) name its values.

Cohorts that have runs in results/<cohort>/<experiment>/<parameters>/v001:
${await resultLines(resultsFolder)}

Options:
  --run <run>             its folder, as results/phantom/mutual/default/v001, or
                          its name from phantom on
  --out <folder>          of the label maps
  <scan>                  a file, or a folder of scans
  --inference best|mean   the model best on validation, or the mean of all
                          (default: as the run was evaluated)
  --raw                   take nothing away from the predictions, whatever the
                          run's validation cases decided
  --byte-budget <MiB>     memory for the probabilities of a slab of the scan;
                          changes no result (default: 2048)
  --gpu <n>               of several GPUs the one with this number, or none
  --overwrite             replace label maps that are there already
  --force                 take voxels that no scan of a person has as they are`;
}

const options = {
  run: { type: "string" },
  out: { type: "string" },
  inference: { type: "string" },
  raw: { type: "boolean", default: false },
  "byte-budget": { type: "string", default: "2048" },
  gpu: { type: "string" },
  overwrite: { type: "boolean", default: false },
  ...forceOption,
} as const;

const MIB = 2 ** 20;

export interface PredictOptions {
  /** Stops between two windows; label maps that are whole stay. @default never */
  signal?: AbortSignal;
}

/** Runs the command; returns the exit code. */
export async function predict(args: string[], { signal }: PredictOptions = {}): Promise<number> {
  const { values, positionals } = readArguments(args, { action: "predict", options });
  if (values.help) return showHelp(await usage());
  const { run, out, overwrite, inference, raw } = values;
  if (!run || !out || positionals.length === 0) {
    const missing = !run ? "--run is missing" : !out ? "--out is missing" : "no scan is named";
    return refuse(await usage(), `Cannot predict: ${missing}`);
  }
  if (inference !== undefined && !["best", "mean"].includes(inference)) {
    throw new UsageError(`Cannot predict: --inference ${unknownName(inference, ["best", "mean"])}`);
  }
  useForce(values);
  useGpu(values.gpu);
  const byteBudget = Number(values["byte-budget"]) * MIB;
  if (!(byteBudget > 0)) {
    throw new UsageError(
      `Cannot predict: --byte-budget must be a number of MiB above 0, current value is "${
        values["byte-budget"]
      }"`,
    );
  }
  const { folder, unfinished } = await findBundle(run);
  if (unfinished) {
    console.error(`Note: the run has not finished, its status is ${unfinished} (${run})`);
  }
  const scans = await listScans(positionals, { out, overwrite });
  // TensorFlow takes a second or two: help and mistakes need none.
  const { segmentScans } = await import("../workbench/prediction/segment_scans.ts");
  return await segmentScans(scans, {
    folder,
    out,
    inference: inference as "best" | "mean" | undefined,
    raw,
    byteBudget,
    signal,
  });
}

if (import.meta.main) {
  const { stop, kill } = listenForInterrupts(() => console.error("\nStopping …"));
  kill.addEventListener("abort", () => Deno.exit(130));
  await exitWith((args) => predict(args, { signal: stop }));
}
