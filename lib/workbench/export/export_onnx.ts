/**
 * `export onnx <run> --out <folder>`: the networks of a finished run for Slicer, MONAI, PyTorch and whatever else reads ONNX.
 *
 * @module
 */
import { dirname, join, relative, resolve, SEPARATOR } from "@std/path";
import { typed } from "../../setup/typed.ts";
import { readArguments } from "../../terminal/read_arguments.ts";
import { shortPath } from "../../terminal/short_path.ts";
import { refuse, showHelp, UsageError } from "../../terminal/usage.ts";
import { resultLines } from "../choices.ts";
import { findBundle } from "../prediction/find_bundle.ts";
import { resultsFolder } from "../project.ts";

async function usage(results: string): Promise<string> {
  return `Usage: ${typed("export onnx <run> --out <folder>")}

Writes the networks of a finished run as ONNX, float32, and model.json: spacing,
intensities, windows, organs, how networks combine and what is taken away from
predictions. docs/EXPORT.md has an example in Python.

Cohorts that have runs in results/<cohort>/<experiment>/<parameters>/v001:
${await resultLines(results)}

Options:
  <run>            its folder, as results/phantom/mutual/default/v001, or its
                   name from phantom on
  --out <folder>   a folder that is not there yet
  --models all     every network of the run (default: those that predict, as
                   the run was evaluated)`;
}

const options = { out: { type: "string" }, models: { type: "string" } } as const;

const action = "export onnx";

/** Runs the command; returns the exit code. */
export async function exportOnnx(
  args: string[],
  { results = resultsFolder }: { results?: string } = {},
): Promise<number> {
  const { values, positionals: [run] } = readArguments(args, { action, options, most: 1 });
  if (values.help) return showHelp(await usage(results));
  if (run === undefined || values.out === undefined) {
    const missing = run === undefined ? "no run is named" : "--out is missing";
    return refuse(await usage(results), `Cannot ${action}: ${missing}`);
  }
  if (values.models !== undefined && values.models !== "all") {
    throw new UsageError(
      `Cannot ${action}: --models must be "all" or left out, current value is "${values.models}"`,
    );
  }
  const { folder, unfinished } = await findBundle(run, { results, action });
  if (unfinished) {
    throw new Error(`Cannot ${action}: the run must be finished, its status is ${unfinished} (${run})`);
  }
  const out = resolve(values.out);
  // Help and mistakes need no library of protocol buffers.
  const { writeOnnx } = await import("./write_onnx.ts");
  const written = await writeOnnx(folder, {
    out,
    run: nameOf(dirname(resolve(folder)), results),
    all: values.models === "all",
  });
  for (const file of written) console.log(shortPath(join(out, file)));
  return 0;
}

/** From the cohort on; of a run that lies elsewhere, the names of its last four folders. */
function nameOf(run: string, results: string): string {
  const short = relative(results, run);
  return short.startsWith("..") ? run.split(SEPARATOR).slice(-4).join("/") : short;
}
