/**
 * The command `plan <folders…> [--name x] [--out file] [--spacing z,y,x]`: writes a cohort from the data.
 *
 * Exits 2 when called wrongly or the data cannot be planned.
 *
 * @module
 */
import { basename, dirname, relative, resolve } from "@std/path";
import type { Spacing } from "../imaging/volume.ts";
import { type Dataset, readDataset } from "../data/datasets/dataset.ts";
import { divideRoles, showing } from "../data/planning/plan_roles.ts";
import { type Fingerprint, takeFingerprint } from "../data/planning/fingerprint.ts";
import { planCohort } from "../data/planning/plan.ts";
import { type SameScanReport, sameScansInStudy } from "../data/cohorts/same_scan.ts";
import type { Study } from "../data/cohorts/study.ts";
import { storedPrint } from "../data/store/stored_print.ts";
import { resolveStudy } from "../data/cohorts/resolve_study.ts";
import { exists } from "../files/whole_folder.ts";
import { unknownName } from "../text/unknown_name.ts";
import { printable } from "../text/error_text.ts";
import { shellWord, typed } from "../setup/typed.ts";
import { exitWith } from "../terminal/exit_with.ts";
import { withBar } from "../terminal/progress_bar.ts";
import { planLines } from "../workbench/planning/plan_lines.ts";
import { cohortPath, cohortSchemaPath, dataRoot, storeFolder } from "../workbench/project.ts";
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
  --force             take voxels that no scan of a person has, and scans that
                      only look alike, as they are`;

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

/** Public datasets overlap; what a run would refuse is no plan. */
function compareScans(study: Study): Promise<SameScanReport> {
  const scans = study.datasets.flatMap(({ training, validation }) => [...training, ...validation]);
  const total = scans.length + study.test.length;
  let done = 0;
  return withBar("comparing scans", (onProgress) =>
    sameScansInStudy(study, async (image) => {
      const print = await storedPrint(image, { folder: storeFolder });
      onProgress(++done, total);
      return print;
    }));
}

/** @throws {UsageError} A folder is named twice, perhaps through a link. */
async function requireOnce(folders: readonly string[]): Promise<void> {
  const places = new Map<string, string>();
  for (const folder of folders) {
    const place = await Deno.realPath(folder), other = places.get(place);
    if (other !== undefined) {
      throw new UsageError(
        `Cannot plan: a folder must be named once, ${
          other === folder ? "this is named twice" : `this is ${other} once more`
        } (${folder})`,
      );
    }
    places.set(place, folder);
  }
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
  await requireOnce([...folders, ...tests]);
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
  const study = await resolveStudy(cohort, { dataRoot: dataRoot() });
  const same = await compareScans(study);
  if (same.problems.length > 0) {
    throw new Error(
      ["Cannot plan: scans must have one role", ...same.problems.map((one) => `  - ${one}`)].join("\n"),
    );
  }
  console.log(`Cohort ${name}:`);
  const notes = [...roles.notes, ...same.warnings];
  for (const line of await planLines({ cohort, study, fingerprints, notes })) console.log(printable(line));
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
