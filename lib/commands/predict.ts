/**
 * The command `predict --run <folder> <scan>… --out <folder>`: segments scans on their own grids.
 *
 * Exits 1 when a scan could not be segmented, 2 when called wrongly (nothing is computed then), 130 when stopped.
 *
 * @module
 */
import { basename } from "@std/path";
import { loadScan } from "../imaging/load_scan.ts";
import { writeNifti } from "../imaging/nifti/write_nifti.ts";
import { type Bundle, loadBundle } from "../models/bundle.ts";
import { predictorOf } from "../stages/predictor.ts";
import { segmentScan } from "../stages/segment_scan.ts";
import { typed } from "../runtime/typed.ts";
import { unknownName } from "../text/unknown_name.ts";
import { resultLines } from "./choices.ts";
import { describeOrgans } from "./describe_organs.ts";
import { errorText } from "../text/error_text.ts";
import { exitWith } from "./exit_with.ts";
import { findBundle } from "./find_bundle.ts";
import { listenForInterrupts } from "./interrupts.ts";
import { withBar } from "./progress_bar.ts";
import { resultsFolder } from "./project.ts";
import { readArguments } from "./read_arguments.ts";
import { listScans, type ScanToSegment } from "./scan_list.ts";
import { refuse, showHelp, UsageError } from "./usage.ts";

async function usage(): Promise<string> {
  return `Usage: ${typed("predict --run <run> --out <folder> <scan>…")}

Segments NIfTI scans with the models of a run. Each label map has its scan's
file name, grid, orientation and affine; organs.label.txt (ITK-SNAP) and
organs.ctbl (3D Slicer) name its values.

Cohorts that have runs in results/<cohort>/<experiment>/<parameters>/v001:
${await resultLines(resultsFolder)}

Options:
  --run <run>             its folder, as results/phantom/mutual/default/v001
  --out <folder>          of the label maps
  <scan>                  a file, or a folder of scans
  --inference best|mean   the model best on validation, or the mean of all
                          (default: as the run was evaluated)
  --byte-budget <MiB>     memory for the probabilities of a slab of the scan;
                          changes no result (default: 2048)
  --overwrite             replace label maps that are there already`;
}

const options = {
  run: { type: "string" },
  out: { type: "string" },
  inference: { type: "string" },
  "byte-budget": { type: "string", default: "2048" },
  overwrite: { type: "boolean", default: false },
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
  const { run, out, overwrite, inference } = values;
  if (!run || !out || positionals.length === 0) {
    const missing = !run ? "--run is missing" : !out ? "--out is missing" : "no scan is named";
    return refuse(await usage(), `Cannot predict: ${missing}`);
  }
  if (inference !== undefined && !["best", "mean"].includes(inference)) {
    throw new UsageError(`Cannot predict: --inference ${unknownName(inference, ["best", "mean"])}`);
  }
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
  const bundle = await loadBundle(folder);
  try {
    const rule = inferenceOf(bundle, inference as "best" | "mean" | undefined);
    await Deno.mkdir(out, { recursive: true });
    await describeOrgans(out, bundle.organs);
    return await segmentAll(scans, { ...bundle, inference: rule, byteBudget, signal });
  } finally {
    for (const { model } of bundle.models) model.dispose();
  }
}

function inferenceOf({ inference, models }: Bundle, wanted?: "best" | "mean"): Bundle["inference"] {
  if (wanted && inference === "merged") {
    const names = models.map(({ name }) => name).join(", ");
    throw new Error(
      `Cannot predict: --inference must be left out, each model of the run knows organs of its own (${names})`,
    );
  }
  return wanted ?? inference;
}

async function segmentAll(
  scans: readonly ScanToSegment[],
  options: Bundle & { byteBudget: number; signal?: AbortSignal },
): Promise<number> {
  const { models, inference, organs, preprocessing, window, byteBudget, signal } = options;
  const predictor = predictorOf(models, { inference, organCount: organs.length });
  let failures = 0;
  for (const [index, { scan: path, prediction }] of scans.entries()) {
    const title = `${basename(path)} (${index + 1} of ${scans.length})`;
    const started = performance.now();
    try {
      const scan = await loadScan(path);
      const labels = await withBar(
        title,
        (onProgress) =>
          segmentScan(scan, { predictor, preprocessing, window, byteBudget, signal, onProgress }),
      );
      await writeNifti(prediction, labels, { like: scan.header });
    } catch (error) {
      if (signal?.aborted) {
        console.error(`Stopped: ${index} of ${scans.length} scans are segmented.`);
        return 130;
      }
      console.error(`Cannot segment ${path}: ${errorText(error)}`);
      failures++;
      continue;
    }
    console.error(`${title}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
    console.log(prediction);
  }
  return failures > 0 ? 1 : 0;
}

if (import.meta.main) {
  const { stop, kill } = listenForInterrupts(() => console.error("\nStopping …"));
  kill.addEventListener("abort", () => Deno.exit(130));
  await exitWith((args) => predict(args, { signal: stop }));
}
