/**
 * The command `import-dicom <folder>… --out <folder>`: a dataset of a clinic's DICOM files.
 *
 * Exits 2 when it was called wrongly or files are wrong.
 *
 * @module
 */
import { resolve } from "@std/path";
import { table, tableToText } from "../../plots/tables/table.ts";
import { typed } from "../../setup/typed.ts";
import { exitWith } from "../../terminal/exit_with.ts";
import { forceOption, useForce } from "../../terminal/force_option.ts";
import { listenForInterrupts } from "../../terminal/interrupts.ts";
import { withBar } from "../../terminal/progress_bar.ts";
import { readArguments } from "../../terminal/read_arguments.ts";
import { shortPath } from "../../terminal/short_path.ts";
import { refuse, showHelp, UsageError } from "../../terminal/usage.ts";
import { printable } from "../../text/error_text.ts";
import { importDicom as importFolders } from "../../workbench/import/import_dicom.ts";
import { readAliases } from "../../workbench/import/organ_aliases.ts";

const usage = () =>
  `Usage: ${typed("import-dicom <folder>… --out <folder> [options]")}

Makes a dataset (nnU-Net v2's layout) of all DICOM files in folders and their
folders: CT or MR series become scans, the structures of RTSTRUCT and SEG
objects become organs of label maps, and dataset.json says which organs each
case has. Cases are called by PatientID, several series of a patient by it and
a number; names of patients are not written. docs/DICOM.md says what is read and
what is refused.

Options:
  --out <folder>       the new dataset; it must not be there yet
  --organs <file>      JSON, {"<structure>": "<organ>", …}: which structures are
                       which organs; others are left out, and listed (default:
                       each is an organ by its own name)
  --priority <organs>  separated by commas; what organs have in common is of the
                       first of them (default: organs must not overlap)
  --modality CT|MR     which series, where there are both
  --force              take voxels that no scan of a person has as they are`;

const options = {
  out: { type: "string" },
  organs: { type: "string" },
  priority: { type: "string", default: "" },
  modality: { type: "string" },
  ...forceOption,
} as const;

/** Runs the command; returns the exit code. */
export async function importDicom(
  args: string[],
  { signal }: { signal?: AbortSignal } = {},
): Promise<number> {
  const { values, positionals: folders } = readArguments(args, { action: "import DICOM", options });
  if (values.help) return showHelp(usage());
  if (folders.length === 0) return refuse(usage(), "Cannot import DICOM: no folder is named");
  const { out, organs, modality } = values;
  if (out === undefined) {
    throw new UsageError("Cannot import DICOM: --out must name the new dataset's folder");
  }
  if (modality !== undefined && modality !== "CT" && modality !== "MR") {
    throw new UsageError(`Cannot import DICOM: --modality must be CT or MR, current value is "${modality}"`);
  }
  for (const folder of folders) {
    const found = await Deno.stat(folder).catch(() => undefined);
    if (found?.isDirectory) continue;
    throw new UsageError(
      `Cannot import DICOM: ${found ? "it is no folder" : "there is no such folder"} (${folder})`,
    );
  }
  useForce(values);
  const aliases = organs === undefined ? undefined : await readAliases(organs);
  const priority = values.priority.split(",").map((organ) => organ.trim()).filter((organ) => organ !== "");
  const { cases, notes } = await withBar(
    "importing",
    (onProgress) =>
      importFolders(folders, { out: resolve(out), aliases, priority, modality, signal, onProgress }),
  );
  for (const note of notes) console.error(`Note: ${printable(note)}`);
  console.log(printable(tableToText(table(cases.map((one) => ({ ...one })), { caption: "Imported" }))));
  console.log(shortPath(resolve(out)));
  return 0;
}

if (import.meta.main) {
  const { stop, kill } = listenForInterrupts(() => console.error("\nStopping …"));
  kill.addEventListener("abort", () => Deno.exit(130));
  await exitWith((args) => importDicom(args, { signal: stop }));
}
