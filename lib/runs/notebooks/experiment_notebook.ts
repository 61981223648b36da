/**
 * An experiment's notebook at one moment, and in what it differs from what it is held against: the library's table of
 * parameters, and the committed version of its file. Editors save notebooks without being asked, so its file alone does
 * not say what an experiment is by default.
 *
 * @module
 */
import { basename } from "@std/path";
import { experimentParameters } from "../../methods/experiments.ts";
import { committedText } from "../folder/machine.ts";
import { type NotebookFile, parseNotebook, readNotebookFile, sourceHash } from "./notebook.ts";
import { type DeclaredParameter, declaredParameters, type Parameters } from "./parameters.ts";

export interface ExperimentNotebook extends NotebookFile {
  /** What its cell says. */
  declared: DeclaredParameter[];
  /**
   * What stands where nobody says otherwise: the library's defaults; for an experiment that it does not know, those of
   * the committed notebook; without git, those of the file.
   */
  defaults: DeclaredParameter[];
  /** Hash of its code, see {@linkcode sourceHash}. */
  codeHash: string;
  /** Its code is not the committed one. */
  codeDiffers: boolean;
}

export interface ReadExperimentOptions {
  /** The notebook's text where no file holds it; `path` is then for messages. @default the file's */
  text?: string | undefined;
}

/**
 * Reads an experiment's notebook once: what is checked, hashed and executed is the same text.
 *
 * @throws Error when there is none, its cell of parameters is wrong, or lacks a parameter that the library knows
 */
export async function readExperiment(
  experiment: string,
  path: string,
  { text }: ReadExperimentOptions = {},
): Promise<ExperimentNotebook> {
  const file = text === undefined
    ? await readNotebookFile(path)
    : { path, text, notebook: parseNotebook(text, path) };
  const declared = declaredParameters(file.notebook, path);
  const known = experimentParameters(experiment);
  const missing = known?.filter(({ name }) => !find(name, declared)).map(({ name }) => name) ?? [];
  if (missing.length > 0) {
    throw new Error(`Cannot read parameters: the cell must declare ${missing.join(", ")}, too (${path})`);
  }
  const committed = text === undefined ? await committedVersion(path) : undefined;
  const codeHash = await sourceHash(file.notebook);
  return {
    ...file,
    declared,
    defaults: defaultsOf(declared, known ?? committed?.declared ?? []),
    codeHash,
    codeDiffers: committed !== undefined && committed.codeHash !== codeHash,
  };
}

/** The known ones first, so that names of runs do not depend on the order of the cell. */
function defaultsOf(
  declared: readonly DeclaredParameter[],
  known: readonly DeclaredParameter[],
): DeclaredParameter[] {
  const good = known.filter(({ name }) => find(name, declared));
  const own = declared.filter(({ name }) => !find(name, known));
  return [...good, ...own].map(({ name, value, meaning }) => ({ name, value, meaning }));
}

function find(name: string, parameters: readonly DeclaredParameter[]): DeclaredParameter | undefined {
  return parameters.find((parameter) => parameter.name === name);
}

/** What git has of the file. An earlier version that was no such notebook is none. */
async function committedVersion(
  path: string,
): Promise<Pick<ExperimentNotebook, "declared" | "codeHash"> | undefined> {
  const text = await committedText(path);
  if (text === undefined) return undefined;
  try {
    const notebook = parseNotebook(text, path);
    return { declared: declaredParameters(notebook, path), codeHash: await sourceHash(notebook) };
  } catch {
    return undefined;
  }
}

/** What differs from the defaults, such as `rampUp = 0.5 (default 0.2)`. */
function changesOf(
  values: readonly Pick<DeclaredParameter, "name" | "value">[],
  defaults: readonly DeclaredParameter[],
): string[] {
  return values.flatMap(({ name, value }) => {
    const usual = find(name, defaults);
    if (!usual || usual.value === value) return [];
    return [`${name} = ${JSON.stringify(value)} (default ${JSON.stringify(usual.value)})`];
  });
}

/** Says that a cell of parameters is of no effect where it differs from the defaults, and that the code is another one. */
export function executionNotices({ path, declared, defaults, codeDiffers }: ExperimentNotebook): string[] {
  const changes = changesOf(declared, defaults);
  const name = basename(path);
  return [
    ...changes.length > 0
      ? [
        `${name}: the cell of parameters differs and is not used; it says ${
          changes.join(", ")
        }. --set sets them.`,
      ]
      : [],
    ...codeDiffers ? [`${name}: the code differs from the committed one.`] : [],
  ];
}

/** In a notebook the values of its cell count: it is said where they are not the defaults. */
export function startNotices(
  parameters: Parameters,
  { defaults, codeDiffers }: ExperimentNotebook,
): string[] {
  const values = Object.entries(parameters).map(([name, value]) => ({ name, value }));
  const changes = changesOf(values.filter(({ name }) => name !== "cohort" && name !== "seed"), defaults);
  return [
    ...changes.length > 0 ? [`Not the defaults: ${changes.join(", ")}`] : [],
    ...codeDiffers ? ["The notebook's code differs from the committed one"] : [],
  ];
}
