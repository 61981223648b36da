/**
 * DICOM from a clinic as a dataset: series, RTSTRUCT and SEG become scans and label maps.
 *
 * @module
 */
import { basename, join } from "@std/path";
import { DicomError } from "../../dicom/dicom_error.ts";
import { loadStack } from "../../dicom/load_stack.ts";
import { type OrganMask, type Overlap, paintOrgans } from "../../dicom/paint_organs.ts";
import { type DicomFolder, scanDicomFolder, type Series } from "../../dicom/series.ts";
import { type Stack, stackOf } from "../../dicom/stack.ts";
import { writeJson } from "../../files/whole_file.ts";
import { exists, writeWholeFolder } from "../../files/whole_folder.ts";
import { writeNifti } from "../../imaging/nifti/write_nifti.ts";
import { implausible } from "../../imaging/plausible_grid.ts";
import { spacingOf } from "../../imaging/volume.ts";
import { unknownName } from "../../text/unknown_name.ts";
import { type CaseName, caseNames } from "./case_names.ts";
import { type LabelPlan, organValues, planLabels, type PlannedStructure } from "./label_plan.ts";
import { type OrganAliases, ownNames } from "./organ_aliases.ts";

export interface ImportOptions {
  /** Folder of the dataset; it is not there yet. */
  out: string;
  /** @default every structure is an organ, by its own name */
  aliases?: OrganAliases | undefined;
  /** Organs in the order in which they are given voxels that several have. @default none: organs must not overlap */
  priority?: readonly string[] | undefined;
  /** Which series, where there are both. @default the only one that there is */
  modality?: "CT" | "MR" | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((done: number, of: number) => void) | undefined;
}

export interface ImportedCase {
  case: string;
  /** What the scanner's people called the series. */
  series: string;
  /** [x, y, z] */
  voxels: string;
  /** [x, y, z] */
  mm: string;
  organs: string;
}

export interface ImportReport {
  cases: ImportedCase[];
  /** What was left out, and what is odd. */
  notes: string[];
}

/**
 * Writes `<out>/dataset.json`, `imagesTr` and `labelsTr` in nnU-Net v2's layout, with `annotated`: the organs that a case's objects
 * have. Nothing of a patient but the PatientID is written.
 *
 * @throws Error with all problems of all files; nothing is left then
 */
export async function importDicom(
  folders: readonly string[],
  { out, aliases = ownNames(), priority = [], modality, signal, onProgress }: ImportOptions,
): Promise<ImportReport> {
  if (await exists(out)) {
    throw new Error(`Cannot import DICOM: the new folder must not be there yet (${out})`);
  }
  const found = await scanDicomFolder(folders, { signal, onProgress });
  const { problems } = found, notes = leftOutNotes(found);
  const series = ofOneModality(found.series, { modality, problems, notes });
  const names = caseNames(series, problems), stacks = new Map<Series, Stack>();
  for (const one of series) {
    try {
      stacks.set(one, plausibleStack(one));
    } catch (error) {
      if (!(error instanceof DicomError)) throw error;
      problems.push(error.message);
    }
  }
  const chosen = new Set(series);
  const labels = await planLabels(found.labels, { series: found.series, aliases, problems });
  for (const one of labels.structures.keys()) if (!chosen.has(one)) labels.structures.delete(one);
  const values = organValues(labels, problems);
  for (const organ of priority) {
    if (!values.has(organ)) problems.push(`--priority: an organ ${unknownName(organ, [...values.keys()])}`);
  }
  notes.push(...planNotes(labels, { names, aliases, cases: series.length }));
  refuse(problems, folders);
  const cases: ImportedCase[] = [];
  await writeWholeFolder(out, async (draft) => {
    for (const name of ["imagesTr", "labelsTr"]) await Deno.mkdir(join(draft, name));
    for (const [index, one] of series.entries()) {
      signal?.throwIfAborted();
      const { id } = names.get(one)!, stack = stacks.get(one)!, planned = labels.structures.get(one);
      try {
        await writeNifti(join(draft, "imagesTr", `${id}_0000.nii.gz`), await loadStack(stack));
        if (planned?.length) {
          const data = drawn(planned, { stack, values, priority, id, notes });
          const { shape, affine } = stack;
          await writeNifti(join(draft, "labelsTr", `${id}.nii.gz`), { data, shape, affine });
        }
      } catch (error) {
        if (!(error instanceof DicomError)) throw error;
        problems.push(error.message);
      }
      notes.push(...stack.notes.map((note) => `${id}: ${note}`));
      cases.push(caseRow(one, { id, stack, planned }));
      onProgress?.(index + 1, series.length);
    }
    refuse(problems, folders);
    await writeJson(join(draft, "dataset.json"), datasetJson({ out, series, names, labels, values }));
  });
  return { cases, notes };
}

/** @throws Error where there is a problem */
function refuse(problems: readonly string[], folders: readonly string[]): void {
  if (problems.length === 0) return;
  const lines = [...new Set(problems)].map((problem) => `  - ${problem}`).join("\n");
  throw new Error(`Cannot import DICOM (${folders.join(", ")}):\n${lines}`);
}

function leftOutNotes({ leftOut }: DicomFolder): string[] {
  return [...leftOut].map(([reason, count]) =>
    `${count} ${count === 1 ? "file is" : "files are"} left out: ${reason}`
  );
}

/** nnU-Net's datasets are of one kind of scan. */
function ofOneModality(
  series: readonly Series[],
  { modality, problems, notes }: { modality?: "CT" | "MR" | undefined; problems: string[]; notes: string[] },
): Series[] {
  const kinds = [...Map.groupBy(series, ({ modality }) => modality)];
  if (modality === undefined && kinds.length > 1) {
    const counts = kinds.map(([kind, { length }]) => `${length} ${kind}`).join(" and ");
    problems.push(`series must be of one modality, there are ${counts}; --modality CT or MR says which`);
  }
  const chosen = series.filter((one) => modality === undefined || one.modality === modality);
  if (chosen.length === 0) {
    problems.push(`there must be a series of ${modality ?? "CT or MR"}, there is none`);
  }
  if (chosen.length < series.length) {
    notes.push(`${series.length - chosen.length} series are of another modality`);
  }
  return chosen;
}

/** @throws DicomError */
function plausibleStack({ frames }: Series): Stack {
  const stack = stackOf(frames);
  const problem = implausible(stack.shape, spacingOf(stack.affine));
  if (problem) throw new DicomError(problem, frames[0]!.path);
  return stack;
}

function planNotes(
  { structures, unmapped, notes }: LabelPlan,
  { names, aliases, cases }: { names: Map<Series, CaseName>; aliases: OrganAliases; cases: number },
): string[] {
  const several = [...Map.groupBy(names.values(), ({ subject }) => subject)].filter(([, { length }]) =>
    length > 1
  );
  const left = [...unmapped].map(([name, count]) => `${name}${count > 1 ? ` (${count} times)` : ""}`);
  const unlabelled = cases - [...structures.values()].filter(({ length }) => length > 0).length;
  return [
    ...notes,
    ...several.map(([subject, own]) =>
      `${subject} has ${own.length} series: ${own.map(({ id }) => id).join(", ")}`
    ),
    ...left.length > 0
      ? [`structures that ${aliases.mapped ? "--organs does not map" : "are left out"}: ${left.join(", ")}`]
      : [],
    ...unlabelled > 0 ? [`${unlabelled} of ${cases} series have no organ: scans without a label map`] : [],
  ];
}

interface DrawnOptions {
  stack: Stack;
  values: ReadonlyMap<string, number>;
  priority: readonly string[];
  id: string;
  notes: string[];
}

/** @throws DicomError */
function drawn(
  planned: readonly PlannedStructure[],
  { stack, values, priority, id, notes }: DrawnOptions,
): Uint8Array {
  function* masks(): Generator<OrganMask> {
    for (const { organ, structure, path } of planned) {
      const { mask, notes: odd } = structure.draw(stack);
      if (!mask.includes(1)) odd.push(`${structure.name}: holds no voxel's centre`);
      notes.push(...odd.map((note) => `${id}: ${note} (${path})`));
      yield { organ, value: values.get(organ)!, mask };
    }
  }
  const voxels = stack.shape.reduce((product, size) => product * size);
  const { labels, overlaps, settled } = paintOrgans(masks(), { voxels, priority });
  const text = ({ organs: [a, b], voxels }: Overlap) => `${a} and ${b} (${voxels} voxels)`;
  if (overlaps.length > 0) {
    throw new DicomError(
      `a voxel must be of one organ, there overlap ${
        overlaps.map(text).join(", ")
      }; --priority <organ>,… says which organ has them, --organs leaves others out`,
      [...new Set(planned.map(({ path }) => path))].join(", "),
    );
  }
  notes.push(...settled.map((pair) => `${id}: ${text(pair)} overlap, the voxels are ${pair.organs[0]}'s`));
  return labels;
}

function caseRow(
  { description }: Series,
  { id, stack, planned = [] }: {
    id: string;
    stack: Stack;
    planned?: readonly PlannedStructure[] | undefined;
  },
): ImportedCase {
  const text = (sizes: readonly number[]) =>
    sizes.toReversed().map((size) => Number(size.toPrecision(4))).join(" × ");
  return {
    case: id,
    series: description,
    voxels: text(stack.shape),
    mm: text(spacingOf(stack.affine)),
    organs: organsOf(planned).join(", "),
  };
}

const organsOf = (planned: readonly PlannedStructure[]) =>
  [...new Set(planned.map(({ organ }) => organ))].sort();

function datasetJson({ out, series, names, labels, values }: {
  out: string;
  series: readonly Series[];
  names: ReadonlyMap<Series, CaseName>;
  labels: LabelPlan;
  values: ReadonlyMap<string, number>;
}) {
  const cases = series.map((one) => ({ ...names.get(one)!, planned: labels.structures.get(one) ?? [] }));
  const labelled = cases.filter(({ planned }) => planned.length > 0);
  return {
    name: basename(out),
    channel_names: { "0": series[0]!.modality === "CT" ? "CT" : "MRI" },
    labels: { background: 0, ...Object.fromEntries(values) },
    numTraining: cases.length,
    file_ending: ".nii.gz",
    annotated: Object.fromEntries(labelled.map(({ id, planned }) => [id, organsOf(planned)])),
    subjects: Object.fromEntries(cases.map(({ id, subject }) => [id, subject])),
  };
}
