/**
 * The command `export`: results for other programs.
 *
 * Exits 2 when it was called wrongly or there is nothing to export.
 *
 * @module
 */
import { resolve } from "@std/path";
import { typed } from "../setup/typed.ts";
import { exitWith } from "../terminal/exit_with.ts";
import { listenForInterrupts } from "../terminal/interrupts.ts";
import { readArguments } from "../terminal/read_arguments.ts";
import { shortPath } from "../terminal/short_path.ts";
import { refuse, showHelp, UsageError } from "../terminal/usage.ts";
import { resultLines } from "../workbench/choices.ts";
import { resultsName } from "../workbench/cohort_paths.ts";
import { exportMlflow } from "../workbench/export/export_mlflow.ts";
import { exportNnunet } from "../workbench/export/nnunet/export_nnunet.ts";
import { exportOnnx } from "../workbench/export/export_onnx.ts";
import { tidyScores } from "../workbench/export/tidy_scores.ts";
import { writeColumns } from "../workbench/export/write_columns.ts";
import { dicomSeg } from "./dicom/export_dicom_seg.ts";
import { findArms } from "../workbench/find_arms.ts";
import { resultsFolder } from "../workbench/project.ts";

async function usage(results: string): Promise<string> {
  return `Usage: ${typed("export <cohort> --out <file>")}
       ${typed("export <program> …")}

Writes all scores of a cohort's finished runs as one table with a row per case,
organ, arm, seed and metric, and a column of every parameter: CSV, or Parquet
where the file's name ends in .parquet.

For single programs, each with a --help of its own:
  mlflow           a cohort's runs as a store of MLflow
  nnunet           a cohort as a dataset of nnU-Net v2, with a trainer
  onnx             the networks of a run, for Slicer, MONAI and PyTorch
  dicom-seg        a label map as a DICOM object, for a PACS

Cohorts that have runs, and of which experiments:
${await resultLines(results)}

Options:
  --out <file>     .csv or .parquet
  --arms <names>   which arms, as tables name them, separated by commas
                   (default: all finished)`;
}

const options = { out: { type: "string" }, arms: { type: "string", default: "all" } } as const;

export interface ExportCommandOptions {
  /** Folder of all results. @default the project's */
  results?: string;
  /** Asks an export of many files for an orderly end. @default nothing does */
  signal?: AbortSignal;
}

/** Exports for single programs, by the word that comes first. */
const formats: Record<string, (args: string[], options: ExportCommandOptions) => Promise<number>> = {
  mlflow: exportMlflow,
  nnunet: exportNnunet,
  onnx: exportOnnx,
  "dicom-seg": dicomSeg,
};

/** Runs the command; returns the exit code. */
export async function exportResults(args: string[], command: ExportCommandOptions = {}): Promise<number> {
  const format = formats[args[0] ?? ""];
  return format ? await format(args.slice(1), command) : await exportScores(args, command);
}

async function exportScores(
  args: string[],
  { results = resultsFolder }: ExportCommandOptions,
): Promise<number> {
  const { values, positionals: [asked] } = readArguments(args, { action: "export", options, most: 1 });
  if (values.help) return showHelp(await usage(results));
  if (!asked) return refuse(await usage(results), "Cannot export: no cohort is named");
  if (!/\.(csv|parquet)$/.test(values.out ?? "")) {
    throw new UsageError(
      `Cannot export: --out must be a file whose name ends in .csv or .parquet, current value is "${
        values.out ?? ""
      }"`,
    );
  }
  const cohort = await resultsName(asked, results);
  const { arms } = await findArms(cohort, values.arms, {
    results,
    told: asked,
    onUnreadable: ({ message }) => console.error(`Warning: ${message}; it is left out`),
  });
  const columns = tidyScores(arms), path = resolve(values.out!);
  await writeColumns(path, columns);
  console.error(`${columns.value!.length} rows of ${arms.length} arms`);
  console.log(shortPath(path));
  return 0;
}

if (import.meta.main) {
  const { stop, kill } = listenForInterrupts(() => console.error("\nStopping …"));
  kill.addEventListener("abort", () => Deno.exit(130));
  await exitWith((args) => exportResults(args, { signal: stop }));
}
