/**
 * What may be wrong with the files of one case.
 *
 * @module
 */
import { axisCodes } from "../../imaging/orientation.ts";
import { loadScan, type Scan } from "../../imaging/load_scan.ts";
import { printOf, type ScanPrint } from "../../imaging/prints/scan_print.ts";
import { type Spacing, spacingOf } from "../../imaging/volume.ts";
import type { Dataset, DatasetCase } from "./dataset.ts";
import { isTurned, laidOn } from "./same_grid.ts";
import {
  countLabels,
  declaredValues,
  type LabelCounts,
  oddValuesText,
  undeclaredText,
  wholeLabels,
} from "./label_map.ts";
import { exists } from "../../files/whole_folder.ts";

export interface Finding {
  /** An error keeps a case from being used; a warning says what will be made of it. */
  severity: "error" | "warning";
  /** Id of the case; absent when the finding is about the whole dataset. */
  case?: string;
  message: string;
}

/** What a case's files hold, for findings that compare cases. */
export interface CheckedCase {
  findings: Finding[];
  /** [z, y, x] in mm, along the file's own axes; absent when the scan cannot be read. */
  spacing?: Spacing;
  /** Absent when the scan cannot be read. */
  print?: ScanPrint;
  /** Share of the voxels that are annotated; absent when there is no label map that can be read. */
  annotatedShare?: number;
}

/** What the values in a dataset's label maps mean. */
export type DatasetLabels = Pick<Dataset, "labels" | "ignored">;

/** Voxels outside of this are taken for metres, centimetres or a missing header, mm. */
const USUAL_SPACING = [0.1, 15] as const;

async function load(path: string, what: string): Promise<{ scan?: Scan; problem?: string }> {
  if (!await exists(path)) return { problem: `${what} is missing: ${path}` };
  try {
    return { scan: await loadScan(path) };
  } catch (error) {
    return { problem: `${what} cannot be read: ${(error as Error).message}` };
  }
}

/** What was odd in the header of one of the two files. */
function noted(notes: readonly string[], what: string): Omit<Finding, "case">[] {
  return notes.map((note) => ({ severity: "warning", message: `${what}: ${note}` }));
}

function imageFindings({ data, affine, notes }: Scan): Omit<Finding, "case">[] {
  const findings: Omit<Finding, "case">[] = [];
  let bad = 0;
  let [low, high] = [Infinity, -Infinity];
  for (let voxel = 0; voxel < data.length; voxel++) {
    const value = Number(data[voxel]);
    if (!Number.isFinite(value)) bad++;
    else [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  if (bad > 0) {
    findings.push({ severity: "error", message: `image has ${bad} voxels that are NaN or infinite` });
  }
  if (low === high) findings.push({ severity: "error", message: `image is constant (${low})` });
  const spacing = spacingOf(affine);
  if (spacing.some((length) => length < USUAL_SPACING[0] || length > USUAL_SPACING[1])) {
    const text = spacing.map((length) => length.toPrecision(3)).join(" × ");
    findings.push({ severity: "warning", message: `odd spacing: ${text} mm [z, y, x]; is it in mm?` });
  }
  findings.push(...noted(notes, "image"));
  return findings;
}

function labelFindings(
  counted: LabelCounts,
  dataset: DatasetLabels,
  { voxels, annotated }: { voxels: number; annotated: readonly string[] },
) {
  const findings: Omit<Finding, "case">[] = [];
  const { counts } = counted, { labels, ignored } = dataset;
  if (ignored !== undefined && counts.get(ignored) === voxels) {
    findings.push({ severity: "warning", message: "no voxel is annotated: all are ignored" });
  }
  const undeclared = undeclaredText(counted, declaredValues(dataset));
  if (undeclared) findings.push({ severity: "error", message: undeclared });
  for (const [value, organ] of labels) {
    const count = counts.get(value) ?? 0;
    if (annotated.includes(organ)) {
      if (count === 0) {
        findings.push({ severity: "warning", message: `${organ} is annotated but has no voxel` });
      }
    } else if (count > 0) {
      findings.push({
        severity: "warning",
        message:
          `${organ} is not annotated here but has ${count} voxels; they count as background-or-unlabelled`,
      });
    }
  }
  return findings;
}

/** Opens a case's files and lists everything odd about them. */
export async function checkCase(scan: DatasetCase, labels: DatasetLabels): Promise<CheckedCase> {
  const findings: Finding[] = [];
  const add = (found: Omit<Finding, "case">[]) =>
    findings.push(...found.map((one) => ({ ...one, case: scan.id })));
  let annotatedShare: number | undefined;
  const image = await load(scan.image, "image");
  if (image.problem) add([{ severity: "error", message: image.problem }]);
  else add(imageFindings(image.scan!));
  if (scan.label === undefined) {
    add([{
      severity: "warning",
      message: "no label map; the case is used only where a cohort uses unlabelled ones",
    }]);
  } else {
    const label = await load(scan.label, "label map");
    if (label.problem) add([{ severity: "error", message: label.problem }]);
    else {
      const { data, notes } = label.scan!, voxels = data.length, { annotated } = scan;
      add(noted(notes, "label map"));
      const whole = wholeLabels(data), counted = countLabels(whole.labels);
      if (whole.odd) add([{ severity: "error", message: oddValuesText(whole.odd, voxels) }]);
      annotatedShare = 1 - (counted.counts.get(labels.ignored ?? NaN) ?? 0) / voxels;
      add(labelFindings(counted, labels, { voxels, annotated }));
    }
    if (image.scan && label.scan) {
      try {
        laidOn(image.scan, label.scan);
        if (isTurned(image.scan, label.scan)) {
          add([{
            severity: "warning",
            message: `label map: its axes run another way than the image's (${
              axisCodes(label.scan.affine)
            }, ${axisCodes(image.scan.affine)}), at the same place: it is turned`,
          }]);
        }
      } catch (error) {
        add([{ severity: "error", message: (error as Error).message }]);
      }
    }
  }
  return {
    findings,
    ...image.scan && { spacing: spacingOf(image.scan.affine), print: printOf(image.scan) },
    ...annotatedShare !== undefined && { annotatedShare },
  };
}
