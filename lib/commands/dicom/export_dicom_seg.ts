/**
 * The command `export dicom-seg <label map> --dicom <folder> --out <file>`: a prediction for a PACS.
 *
 * Exits 2 when it was called wrongly or the files do not belong together.
 *
 * @module
 */
import { resolve } from "@std/path";
import { projectRoot } from "../../setup/tool_paths.ts";
import { typed } from "../../setup/typed.ts";
import { readArguments } from "../../terminal/read_arguments.ts";
import { shortPath } from "../../terminal/short_path.ts";
import { refuse, showHelp, UsageError } from "../../terminal/usage.ts";
import { printable } from "../../text/error_text.ts";
import { exportDicomSeg } from "../../workbench/export/dicom_seg.ts";

const usage = () =>
  `Usage: ${typed("export dicom-seg <label map> [options]")}

Writes a label map, such as predict makes of a scan that import-dicom made, as a
DICOM SEG object of the CT or MR series that it lies on: a segment for each
organ, named by organs.label.txt beside the label map. Patient and study are the
series'.

Options:
  --dicom <folder>  of the series
  --out <file>      .dcm`;

const options = { dicom: { type: "string" }, out: { type: "string" } } as const;

/** Runs the command; returns the exit code. */
export async function dicomSeg(args: string[]): Promise<number> {
  const { values, positionals: [map] } = readArguments(args, {
    action: "export DICOM SEG",
    options,
    most: 1,
  });
  if (values.help) return showHelp(usage());
  if (map === undefined) return refuse(usage(), "Cannot export DICOM SEG: no label map is named");
  const { dicom, out } = values;
  if (dicom === undefined) {
    throw new UsageError("Cannot export DICOM SEG: --dicom must name the series' folder");
  }
  if (!out?.endsWith(".dcm")) {
    throw new UsageError(`Cannot export DICOM SEG: --out must end in .dcm, current value is "${out ?? ""}"`);
  }
  const { version } = JSON.parse(await Deno.readTextFile(resolve(projectRoot, "deno.json")));
  const organs = await exportDicomSeg(map, {
    dicom,
    out: resolve(out),
    software: { name: "Consilium", version: String(version) },
  });
  console.error(printable(`Segments: ${organs.join(", ")}`));
  console.log(shortPath(resolve(out)));
  return 0;
}
