/**
 * Runs in the file format of MLflow's tracking store (mlflow/store/tracking/file_store.py): a folder an experiment, in it a folder a run.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { join, toFileUrl } from "@std/path";
import { stringify } from "yaml";
import { writeWholeFile } from "../../files/whole_file.ts";

/** A value at a step. */
export interface LoggedValue {
  value: number;
  /** @default 0 */
  step?: number;
}

export interface LoggedRun {
  name: string;
  /** Milliseconds since 1970. */
  started: number;
  ended: number;
  parameters: Readonly<Record<string, string>>;
  tags: Readonly<Record<string, string>>;
  /** By name: letters, digits, `_`, `-`, `.`, spaces and `/`. */
  metrics: Readonly<Record<string, readonly LoggedValue[]>>;
  /** Files that are shown with the run: contents by name. */
  artifacts: Readonly<Record<string, string>>;
}

/** MLflow's number for a finished run, and for a run of a local program. */
const FINISHED = 3, LOCAL = 4;

const digest = (text: string) => createHash("sha256").update(text).digest("hex");

/** What MLflow allows in names of metrics, whose parts are folders; whatever else a name has becomes "_", and no part leads out of its folder. */
export function metricKey(name: string): string {
  const parts = name.replace(/[^\p{L}\p{N}_\-. /]/gu, "_").split("/").filter((part) => part !== "");
  return parts.map((part) => /^\.*$/.test(part.trim()) ? "_" : part).join("/") || "_";
}

export interface StorePlace {
  /** Where the files are written. */
  folder: string;
  /** Where the store will be when it is whole: MLflow finds artifacts by whole addresses alone. */
  final: string;
}

/** Writes an experiment with its runs; the same names give the same ids, so that an export that is made again takes its own place. */
export async function writeExperiment(
  { folder, final }: StorePlace,
  { name, runs }: { name: string; runs: readonly LoggedRun[] },
): Promise<void> {
  // Decimal, as the store gives ids itself.
  const id = BigInt(`0x${digest(`experiment ${name}`).slice(0, 15)}`).toString().padStart(18, "1");
  const place = join(folder, id), times = runs.flatMap(({ started, ended }) => [started, ended]);
  await writeWholeFile(
    join(place, "meta.yaml"),
    stringify({
      artifact_location: toFileUrl(join(final, id)).href,
      creation_time: Math.min(...times),
      experiment_id: id,
      last_update_time: Math.max(...times),
      lifecycle_stage: "active",
      name,
    }, { defaultStringType: "QUOTE_SINGLE", defaultKeyType: "PLAIN" }),
  );
  for (const run of runs) {
    await writeRun({ folder: place, final: join(final, id) }, { experimentId: id, run });
  }
}

async function writeRun(
  { folder, final }: StorePlace,
  { experimentId, run }: { experimentId: string; run: LoggedRun },
): Promise<void> {
  const id = digest(`run ${run.name}`).slice(0, 32), place = join(folder, id);
  const meta = {
    artifact_uri: toFileUrl(join(final, id, "artifacts")).href,
    end_time: run.ended,
    entry_point_name: "",
    experiment_id: experimentId,
    lifecycle_stage: "active",
    run_id: id,
    run_name: run.name,
    run_uuid: id,
    source_name: "",
    source_type: LOCAL,
    source_version: "",
    start_time: run.started,
    status: FINISHED,
    tags: [],
    user_id: "",
  };
  const files: [path: string, text: string][] = [
    ...Object.entries(run.parameters).map((
      [name, text],
    ): [string, string] => [`params/${metricKey(name)}`, text]),
    ...Object.entries({ ...run.tags, "mlflow.runName": run.name }).map((
      [name, text],
    ): [string, string] => [`tags/${name}`, text]),
    ...Object.entries(run.metrics).map(([name, values]): [string, string] => [
      `metrics/${metricKey(name)}`,
      values.map(({ value, step = 0 }) => `${run.ended} ${numberText(value)} ${step}\n`).join(""),
    ]),
    ...Object.entries(run.artifacts).map(([name, text]): [string, string] => [`artifacts/${name}`, text]),
  ];
  for (const [path, text] of files) await writeWholeFile(join(place, path), text);
  // Last: a run with it is whole.
  await writeWholeFile(
    join(place, "meta.yaml"),
    stringify(meta, { defaultStringType: "QUOTE_SINGLE", defaultKeyType: "PLAIN" }),
  );
}

/** As Python writes and reads them. */
function numberText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  return value === Infinity ? "inf" : value === -Infinity ? "-inf" : String(value);
}
