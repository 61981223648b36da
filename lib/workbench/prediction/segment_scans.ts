/**
 * Scans of files become label maps of files, by the models of a run.
 *
 * @module
 */
import { makePrivateFolder } from "../../files/private_folder.ts";
import { basename } from "@std/path";
import { loadScan } from "../../imaging/load_scan.ts";
import { writeNifti } from "../../imaging/nifti/write_nifti.ts";
import { type Bundle, loadBundle } from "../../models/bundle.ts";
import { predictionPrecision } from "../../models/prediction_precision.ts";
import { describeRule, type OrganRule } from "../../models/postprocessing_rule.ts";
import { predictorOf } from "../../inference/predictor.ts";
import { segmentScan } from "../../inference/segment_scan.ts";
import { errorText, printable } from "../../text/error_text.ts";
import { describeOrgans } from "./describe_organs.ts";
import { withBar } from "../../terminal/progress_bar.ts";
import type { ScanToSegment } from "./scan_list.ts";

export interface SegmentScansOptions {
  /** Folder of the bundle, see models/bundle.ts. */
  folder: string;
  /** Folder of the label maps, and of the files that name their values. */
  out: string;
  /** @default as the run was evaluated */
  inference?: "best" | "mean" | undefined;
  /** Take nothing away from predictions. @default false: as the run was evaluated */
  raw?: boolean | undefined;
  /** Bytes for the probabilities of a slab. */
  byteBudget: number;
  /** Stops between two windows; label maps that are whole stay. @default never */
  signal?: AbortSignal | undefined;
}

/**
 * Segments scans one after the other; one that cannot be is told, and the others go on.
 *
 * @returns the exit code
 * @throws Error when the models leave no choice of inference
 */
export async function segmentScans(
  scans: readonly ScanToSegment[],
  { folder, out, inference, raw = false, byteBudget, signal }: SegmentScansOptions,
): Promise<number> {
  const bundle = await loadBundle(folder);
  const { note } = predictionPrecision(bundle.network.precision);
  if (note) console.error(`Note: ${note}`);
  try {
    const rule = inferenceOf(bundle, inference);
    const postprocessing = postprocessingOf(bundle, { inference: rule, raw });
    return await segmentAll(scans, { ...bundle, out, inference: rule, postprocessing, byteBudget, signal });
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

/** What is taken away from predictions by a rule of inference; says so, as a note. */
function postprocessingOf(
  { postprocessing = [], inference: decidedFor, organs }: Bundle,
  { inference, raw }: { inference: Bundle["inference"]; raw: boolean },
): readonly OrganRule[] {
  if (postprocessing.length === 0) return [];
  const nameOf = (organ: number) => organs.find(({ number }) => number === organ)?.name ?? `organ ${organ}`;
  const rules = postprocessing.map((rule) => `${nameOf(rule.organ)} keeps ${describeRule(rule)}`).join("; ");
  const why = raw
    ? "--raw"
    : inference !== decidedFor
    ? `it was decided for --inference ${decidedFor}`
    : undefined;
  console.error(`Note: postprocessing${why ? ` is left out, ${why}` : ""}: ${rules}`);
  return why ? [] : postprocessing;
}

async function segmentAll(
  scans: readonly ScanToSegment[],
  options: Bundle & Pick<SegmentScansOptions, "out" | "byteBudget" | "signal">,
): Promise<number> {
  const { models, inference, organs, preprocessing, window, postprocessing, out, byteBudget, signal } =
    options;
  const predictor = predictorOf(models, { inference, organCount: organs.length });
  let failures = 0, described = false;
  for (const [index, { scan: path, prediction }] of scans.entries()) {
    const title = `${basename(path)} (${index + 1} of ${scans.length})`;
    const started = performance.now();
    try {
      const scan = await loadScan(path);
      const labels = await withBar(
        title,
        (onProgress) =>
          segmentScan(scan, {
            predictor,
            preprocessing,
            window,
            postprocessing,
            byteBudget,
            signal,
            onProgress,
          }),
      );
      if (!described) {
        // Not before there is something to describe: where all scans are refused, nothing is left.
        await makePrivateFolder(out);
        await describeOrgans(out, organs);
        described = true;
      }
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
    console.error(`${printable(title)}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
    console.log(printable(prediction));
  }
  return failures > 0 ? 1 : 0;
}
