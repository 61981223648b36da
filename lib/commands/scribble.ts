/**
 * The command `scribble <folder> --out <folder>`: a dataset with scribbles in place of its dense label maps.
 *
 * Exits 2 when it was called wrongly or the dataset is wrong.
 *
 * @module
 */
import { resolve } from "@std/path";
import { BAND } from "../labels/scribbles/scribble_map.ts";
import { table, tableToText } from "../plots/tables/table.ts";
import { typed } from "../setup/typed.ts";
import { exitWith } from "../terminal/exit_with.ts";
import { listenForInterrupts } from "../terminal/interrupts.ts";
import { withBar } from "../terminal/progress_bar.ts";
import { forceOption, useForce } from "../terminal/force_option.ts";
import { readArguments } from "../terminal/read_arguments.ts";
import { shortPath } from "../terminal/short_path.ts";
import { refuse, showHelp, UsageError } from "../terminal/usage.ts";
import { wholeNumber } from "../terminal/whole_number.ts";
import {
  scribbleFolder,
  type ScribbleFolderOptions,
  type ScribbleReportRow,
} from "../workbench/scribbles/scribble_folder.ts";

const usage = () =>
  `Usage: ${typed("scribble <folder> --out <folder> [options]")}

Draws a scribble into every component of every label in every slice of a
dataset's label maps, background among them, and writes a dataset in which all
else is not annotated (nnU-Net's label "ignore"), with links to the same scans,
which must stay where they are. A cohort, check-data and nnU-Net v2 read it as
any other; of validation and test cases only what is annotated is scored, so let
those be of the dense folder. To learn from it: the experiment
scribbles_for_all, with --set scribbles=given.

Options:
  --out <folder>       the new dataset; it must not be there yet
  --seed <n>           another seed, other scribbles (default: 1)
  --length <share>     of each line this share is kept, its middle (default: 1)
  --thickness <n>      pixels across a line, where a structure is wide enough
                       (default: 3)
  --axis <x, y or z>   of the slices, as files have it (default: of each scan
                       that of the largest spacing)
  --force              take voxels that no scan of a person has as they are`;

const options = {
  out: { type: "string" },
  seed: { type: "string", default: "1" },
  length: { type: "string", default: "1" },
  thickness: { type: "string", default: "3" },
  axis: { type: "string" },
  ...forceOption,
} as const;

/** Runs the command; returns the exit code. */
export async function scribble(
  args: string[],
  { signal }: { signal?: AbortSignal } = {},
): Promise<number> {
  const { values, positionals: [folder] } = readArguments(args, { action: "scribble", options, most: 1 });
  if (values.help) return showHelp(usage());
  if (folder === undefined) return refuse(usage(), "Cannot scribble: no folder of a dataset is named");
  useForce(values);
  const { out, axis } = values;
  if (out === undefined) throw new UsageError("Cannot scribble: --out must name the new dataset's folder");
  if (axis !== undefined && axis !== "x" && axis !== "y" && axis !== "z") {
    throw new UsageError(`Cannot scribble: --axis must be x, y or z, current value is "${axis}"`);
  }
  const given: ScribbleFolderOptions = {
    out: resolve(out),
    axis,
    seed: wholeNumber(values.seed, { action: "scribble", name: "seed", least: 0 }),
    length: share(values.length),
    thickness: wholeNumber(values.thickness, { action: "scribble", name: "thickness", least: 1 }),
  };
  const rows = await withBar(
    "scribbling",
    (onProgress) => scribbleFolder(resolve(folder), { ...given, onProgress, ...signal && { signal } }),
  );
  console.log(tableToText(reportTable(rows)));
  console.log(shortPath(given.out));
  return 0;
}

function share(text: string): number {
  const value = Number(text);
  if (value >= 0.01 && value <= 1) return value;
  throw new UsageError(`Cannot scribble: --length must be 0.01 to 1, current value is "${text}"`);
}

function reportTable(rows: readonly ScribbleReportRow[]) {
  const percent = (part: number, whole: number) =>
    whole === 0 ? undefined : `${(100 * part / whole).toFixed(1)} %`;
  return table(
    rows.map(({ label, voxels, scribbled, inBand }) => ({
      label,
      voxels,
      scribbled,
      share: percent(scribbled, voxels),
      "in the boundary band": percent(inBand, scribbled),
    })),
    {
      caption: "Scribbles",
      notes: [
        `Share: of the label's voxels. In the boundary band: of the scribbled ones those at most ${BAND} pixels inside their label's border in the slice.`,
      ],
    },
  );
}

if (import.meta.main) {
  const { stop, kill } = listenForInterrupts(() => console.error("\nStopping …"));
  kill.addEventListener("abort", () => Deno.exit(130));
  await exitWith((args) => scribble(args, { signal: stop }));
}
