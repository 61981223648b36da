/**
 * The command `plan <folders…> [--name x] [--out file] [--spacing z,y,x]`: writes a cohort from the data.
 *
 * Exits 2 when called wrongly or the data cannot be planned.
 *
 * @module
 */
import { basename, dirname, relative, resolve } from "@std/path";
import type { Spacing } from "../imaging/volume.ts";
import type { Cohort } from "../data/cohorts/cohort.ts";
import { type Dataset, readDataset } from "../data/datasets/dataset.ts";
import { divideRoles, showing } from "../data/planning/plan_roles.ts";
import { type Fingerprint, takeFingerprint } from "../data/planning/fingerprint.ts";
import { sideNotes } from "../data/organs/organ_notes.ts";
import { intensityNotes } from "../data/planning/plan_intensity.ts";
import { absenceNotes, planCohort } from "../data/planning/plan.ts";
import { estimateCost } from "../data/planning/plan_estimate.ts";
import { proposeSameOrgans, type SameOrgan } from "../data/planning/same_organ.ts";
import { type OrganVectors, readOrganVectors } from "../data/organ_vectors.ts";
import { resolveStudy } from "../data/cohorts/resolve_study.ts";
import { exists } from "../files/whole_folder.ts";
import { unknownName } from "../text/unknown_name.ts";
import { printable } from "../text/error_text.ts";
import { shellWord, typed } from "../setup/typed.ts";
import { exitWith } from "../terminal/exit_with.ts";
import { withBar } from "../terminal/progress_bar.ts";
import { cohortPath, cohortSchemaPath, dataRoot, vectorsPath } from "../workbench/project.ts";
import { forceOption, useForce } from "../terminal/force_option.ts";
import { readArguments } from "../terminal/read_arguments.ts";
import { refuse, showHelp, UsageError } from "../terminal/usage.ts";

const usage = () =>
  `Usage: ${typed("plan <folder>… [options]")}

Reads datasets (Medical Segmentation Decathlon's or nnU-Net v2's layout) and
writes a cohort of them, a JSON file that is meant to be edited. It also says
which organs of different datasets may be one, by what their names mean.

Options:
  --name <name>       of the cohort; by default made of the folders' names
  --out <file>        JSON file; by default experiments/cohorts/<name>.json
  --test <folder>     a dataset that is only tested, as often as wanted; so is
                      one that labels every organ, beside others that do not
  --train-all         learn from datasets that label every organ, too
  --show <folder>=<organ>,<organ>
                      of a dataset named by its folder's name: only these organs
                      are shown, and looked at
  --spacing <z,y,x>   mm that all scans are resampled to; by default the median
                      over all scans
  --force             take voxels that no scan of a person has as they are`;

/** A median scan of more voxels at the planned spacing draws advice: a patch would see little of it. */
const LARGE_VOXELS = 4e6;

interface Arguments {
  folders: string[];
  name: string;
  out: string;
  tests: string[];
  trainAll: boolean;
  /** Organs by the folder's name. */
  show: Map<string, string[]>;
  spacingMm?: Spacing | undefined;
}

function readPlan(args: string[]): Arguments | undefined {
  const { values, positionals } = readArguments(args, {
    action: "plan",
    options: {
      name: { type: "string" },
      out: { type: "string" },
      spacing: { type: "string" },
      test: { type: "string", multiple: true, default: [] as string[] },
      "train-all": { type: "boolean", default: false },
      show: { type: "string", multiple: true, default: [] as string[] },
      ...forceOption,
    },
  });
  if (values.help) return undefined;
  useForce(values);
  const folders = positionals.map((folder) => resolve(folder));
  const joined = folders.map((folder) => basename(folder)).join("_").toLowerCase().replace(/[^\w]+/g, "_");
  const name = values.name ?? joined;
  if (positionals.length > 0 && !/^[A-Za-z0-9][\w.-]*$/.test(name)) {
    throw new UsageError(
      `Cannot plan: --name must be of letters, digits, '_', '-' and '.', current value is "${name}"`,
    );
  }
  const spacing = values.spacing?.split(",").map(Number);
  if (
    spacing && (spacing.length !== 3 || !spacing.every((length) => length > 0 && Number.isFinite(length)))
  ) {
    throw new UsageError(
      `Cannot plan: --spacing must be three lengths in mm such as 3,1.5,1.5, current value is "${values.spacing}"`,
    );
  }
  return {
    folders,
    name,
    out: resolve(values.out ?? cohortPath(name)),
    tests: values.test.map((folder) => resolve(folder)),
    trainAll: values["train-all"],
    show: new Map(values.show.map((text) => readShown(text, folders))),
    spacingMm: spacing as Spacing | undefined,
  };
}

function readShown(text: string, folders: readonly string[]): [folder: string, organs: string[]] {
  const [name = "", list = ""] = text.split("=", 2), known = folders.map((folder) => basename(folder));
  const organs = list.split(",").map((organ) => organ.trim()).filter((organ) => organ !== "");
  if (organs.length === 0) {
    throw new UsageError(`Cannot plan: --show must be <folder>=<organ>,<organ>, current value is "${text}"`);
  }
  if (!known.includes(name)) {
    throw new UsageError(`Cannot plan: the folder of --show ${unknownName(name, known)}`);
  }
  return [name, organs];
}

/** Indented JSON with arrays of plain values on one line. */
function readableJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return text.replace(/\[\n\s+([^[\]{}]*?)\n\s+\]/g, (_, inner) => `[${inner.replace(/\n\s+/g, " ")}]`) +
    "\n";
}

/** Path of the cohorts' JSON schema as a file in the folder tells it. */
function schemaFrom(folder: string): string {
  const path = relative(folder, cohortSchemaPath);
  return path.startsWith(".") ? path : `./${path}`;
}

function medianVoxels(fingerprints: Fingerprint[], { preprocessing: { spacingMm } }: Cohort): number {
  const volumes = fingerprints.flatMap(({ shapes, spacings }) =>
    shapes.map((shape, i) =>
      shape.reduce((product, size, axis) => product * size * spacings[i]![axis]! / spacingMm[axis]!, 1)
    )
  ).sort((a, b) => a - b);
  return volumes[Math.floor(volumes.length / 2)]!;
}

interface PrintOptions {
  fingerprints: Fingerprint[];
  notes: readonly string[];
}

/** Fewer validation scans choose weights and postprocessing by chance. */
const FEW_VALIDATION = 3;

async function printPlan(cohort: Cohort, { fingerprints, notes: roleNotes }: PrintOptions): Promise<void> {
  const study = await resolveStudy(cohort, { dataRoot: dataRoot() });
  for (const { name, organs, training, validation } of study.datasets) {
    const shown = organs.map((number) => study.organs[number - 1]!.name).join(", ");
    const test = study.test.filter(({ dataset }) => dataset === name).length;
    console.log(
      `  ${name}: ${training.length} training, ${validation.length} validation, ${test} test; shows ${shown}`,
    );
  }
  for (
    const { name } of cohort.test.filter(({ name }) => !cohort.datasets.some((one) => one.name === name))
  ) {
    console.log(
      `  ${name}: only tested, ${study.test.filter(({ dataset }) => dataset === name).length} scans`,
    );
  }
  const few = study.datasets.filter(({ validation }) => validation.length < FEW_VALIDATION).map((
    { name, validation },
  ) =>
    `${name} has ${validation.length} validation ${
      validation.length === 1 ? "scan" : "scans"
    }: what is chosen by them is chosen by chance`
  );
  const notes = [
    ...roleNotes,
    ...few,
    ...study.warnings,
    ...sideNotes(cohort.organs),
    ...intensityNotes(fingerprints),
    ...absenceNotes(fingerprints),
    ...fingerprints.flatMap(({ notes }) => notes),
  ];
  for (const note of notes) console.log(`  note: ${printable(note)}`);
  for (const { names: [one, other], cosine } of await sameOrgans(cohort)) {
    console.log(
      `  note: ${one} and ${other} may be one organ (cosine of the names ${
        cosine.toFixed(2)
      }); if they are, make one of them an alias of the other`,
    );
  }
  const { preprocessing: { spacingMm, intensity }, patch, network, training } = cohort;
  const scheme = intensity.scheme === "ct"
    ? `CT clipped to ${intensity.clipHu.join("…")} HU`
    : "z-score by scan";
  console.log(`  spacing ${spacingMm.join(" × ")} mm [z, y, x]; ${scheme}`);
  console.log(`  patch ${patch.join(" × ")}, widths ${network.widths.join("-")}`);
  const { hours, memoryMib, passSeconds } = estimateCost(cohort);
  const steps = `${training.partialOrganSteps} + ${training.fullOrganSteps} steps`;
  const time = hours < 1 ? `${Math.max(1, Math.round(60 * hours))} min` : `${hours.toFixed(1)} h`;
  console.log(`  about ${(memoryMib / 1024).toFixed(1)} GiB of memory and ${time} for one arm (${steps},`);
  console.log(
    `  ${passSeconds.toFixed(2)} s a pass), extrapolated from a measured step on two cores without a GPU`,
  );
  if (medianVoxels(fingerprints, cohort) > LARGE_VOXELS) {
    console.log("  note: a patch sees little of such large scans; a coarser --spacing would train faster");
  }
}

async function sameOrgans({ organs, datasets }: Cohort): Promise<SameOrgan[]> {
  const names = organs.map(({ name }) => name);
  let vectors: OrganVectors;
  try {
    vectors = await readOrganVectors(vectorsPath("organs"), names);
  } catch (error) {
    // A hint that cannot be given is no reason not to plan.
    console.log(`  note: nobody can say which organs may be one: ${(error as Error).message}`);
    return [];
  }
  return proposeSameOrgans(names, { vectors, datasets: datasets.map(({ organs }) => organs) });
}

/** Runs the command; returns the exit code. */
export async function plan(args: string[]): Promise<number> {
  const options = readPlan(args);
  if (!options) return showHelp(usage());
  const { folders, name, out, tests, trainAll, show, spacingMm } = options;
  if (folders.length === 0) return refuse(usage(), "Cannot plan: no folder is named");
  for (const folder of [...folders, ...tests]) {
    const found = await Deno.stat(folder).catch(() => undefined);
    if (!found?.isDirectory) {
      throw new UsageError(
        `Cannot plan: ${found ? "it is no folder" : "there is no such folder"} (${folder})`,
      );
    }
  }
  if (await exists(out)) {
    throw new Error(
      `Cannot write cohort: the file must not be there yet; choose another --name or --out (${out})`,
    );
  }
  const datasets: Dataset[] = [], asked: Dataset[] = [];
  for (const folder of folders) {
    const dataset = await readDataset(folder), shown = show.get(basename(folder));
    datasets.push(shown ? showing(dataset, shown) : dataset);
  }
  for (const folder of tests) asked.push(await readDataset(folder));
  const roles = divideRoles(datasets, { trainAll }), fingerprints: Fingerprint[] = [];
  for (const dataset of roles.training) {
    fingerprints.push(
      await withBar(`reading ${dataset.folder}`, (onProgress) => takeFingerprint(dataset, { onProgress })),
    );
  }
  const cohort = planCohort(fingerprints, {
    name,
    dataRoot: dataRoot(),
    spacingMm,
    tests: [...roles.tests, ...asked],
  });
  console.log(`Cohort ${name}:`);
  await printPlan(cohort, { fingerprints, notes: roles.notes });
  await Deno.mkdir(dirname(out), { recursive: true });
  const draft = `${out}.${crypto.randomUUID()}.partial`;
  await Deno.writeTextFile(draft, readableJson({ $schema: schemaFrom(dirname(out)), ...cohort }));
  await Deno.rename(draft, out);
  const cohortName = shellWord(out === cohortPath(name) ? name : out);
  console.log(`
Written to ${out}. Next:
  ${typed(`check-data ${cohortName}`)}
  ${typed(`run mutual --cohort ${cohortName}`)}`);
  return 0;
}

if (import.meta.main) await exitWith(plan);
