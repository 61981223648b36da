/**
 * What may be wrong with the files of one case.
 *
 * @module
 */
import { loadScan, type Scan } from "../../imaging/load_scan.ts";
import { type Spacing, spacingOf } from "../../imaging/volume.ts";
import type { Dataset, DatasetCase } from "./dataset.ts";
import { assertSameGrid } from "./same_grid.ts";
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

function imageFindings({ data, affine, header }: Scan): Omit<Finding, "case">[] {
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
  if (header.sformCode === 0 && header.qformCode === 0) {
    findings.push({ severity: "warning", message: "header says no orientation; left and right are a guess" });
  }
  return findings;
}

/** Voxels of every value in the label map. */
function countValues(data: Scan["data"]): Map<number, number> {
  const counts = new Map<number, number>();
  // Neighbouring voxels are mostly equal, so runs are counted.
  for (let start = 0; start < data.length;) {
    let end = start + 1;
    while (end < data.length && data[end] === data[start]) end++;
    const value = Number(data[start]);
    counts.set(value, (counts.get(value) ?? 0) + end - start);
    start = end;
  }
  return counts;
}

function labelFindings(
  counts: Map<number, number>,
  { labels, ignored }: DatasetLabels,
  { voxels, annotated }: { voxels: number; annotated: readonly string[] },
) {
  const findings: Omit<Finding, "case">[] = [];
  counts.delete(0);
  if (ignored !== undefined) {
    if (counts.get(ignored) === voxels) {
      findings.push({ severity: "warning", message: "no voxel is annotated: all are ignored" });
    }
    counts.delete(ignored);
  }
  const undeclared = [...counts].filter(([value]) => !labels.has(value));
  if (undeclared.length > 0) {
    const few = undeclared.slice(0, 5).map(([value, count]) => `${value} (${count} voxels)`).join(", ");
    const more = undeclared.length > 5 ? ` and ${undeclared.length - 5} more` : "";
    findings.push({
      severity: "error",
      message: `label map has values that are not declared: ${few}${more}`,
    });
  }
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
      const { data } = label.scan!, counts = countValues(data), { annotated } = scan;
      annotatedShare = 1 - (counts.get(labels.ignored ?? NaN) ?? 0) / data.length;
      add(labelFindings(counts, labels, { voxels: data.length, annotated }));
    }
    if (image.scan && label.scan) {
      try {
        assertSameGrid(image.scan, label.scan);
      } catch (error) {
        add([{ severity: "error", message: (error as Error).message }]);
      }
    }
  }
  return {
    findings,
    ...image.scan && { spacing: spacingOf(image.scan.affine) },
    ...annotatedShare !== undefined && { annotatedShare },
  };
}
