/**
 * What the values of predictions mean: organ numbers, or what a JSON file says.
 *
 * @module
 */
import type { Cohort } from "../../data/cohorts/cohort.ts";
import { readLabels } from "../../data/datasets/dataset_json.ts";
import { InvalidFileError, readJson } from "../../data/json_file.ts";
import { matchOrgans } from "../../data/cohorts/match_labels.ts";
import { didYouMean } from "../../text/unknown_name.ts";
import type { PredictionLabels } from "./prediction_files.ts";

/** Without a file: values are organ numbers, an organ's place in the cohort's list from 1 on. */
export function organNumbers(cohort: Cohort): PredictionLabels {
  return { values: Object.fromEntries(cohort.organs.map((_, i) => [i + 1, i + 1])), foreign: [] };
}

/**
 * Reads a mapping of names and values (`{"Liver": 1}` or `{"1": "Liver"}`), or the `labels` of a dataset.json. Names are
 * compared as everywhere: case, spaces and aliases of the cohort do not matter.
 *
 * @throws {InvalidFileError} with every fault, a name that is nearly an organ's among them, or when none is an organ of the cohort
 */
export async function readPredictionLabels(path: string, cohort: Cohort): Promise<PredictionLabels> {
  const json = await readJson(path, "labels");
  const problems: string[] = [];
  const named = mappingOf(json);
  if (!named) problems.push("must be an object of names and values, or a dataset.json");
  // nnU-Net's `ignore` never occurs in a prediction.
  const { organs: labels } = readLabels((named ?? {}) as Record<string, string>, problems);
  // Predictions name classes: one that stands for others is itself here.
  const organs = cohort.organs.map(({ standsFor: _, ...organ }) => organ);
  const visible = organs.map((_, index) => index + 1);
  const values = matchOrgans({ labels }, { ...cohort, organs }, { visible });
  problems.push(...misspelt(labels, values, cohort));
  if (problems.length === 0 && Object.keys(values).length === 0) {
    const names = organs.map(({ name }) => name).join(", ");
    problems.push(
      `no label is an organ of the cohort (${names}), they are ${[...labels.values()].join(", ")}`,
    );
  }
  if (problems.length > 0) throw new InvalidFileError(path, problems, "labels");
  return { values, foreign: [...labels.keys()].filter((value) => !(value in values)) };
}

/** Names that are nearly those of organs that no label is called: an organ is not to be scored as missed for its spelling. */
function misspelt(
  labels: ReadonlyMap<number, string>,
  values: PredictionLabels["values"],
  { organs }: Cohort,
): string[] {
  const found = Object.values(values);
  const missing = organs.filter((_, index) => !found.includes(index + 1));
  const spellings = missing.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  return [...labels].flatMap(([value, name]) => {
    const advice = value in values ? "" : didYouMean(name, spellings);
    return advice === "" ? [] : [`${name}${advice}`];
  });
}

function mappingOf(json: unknown): Record<string, unknown> | undefined {
  if (json === null || typeof json !== "object" || Array.isArray(json)) return undefined;
  const labels = "labels" in json ? json.labels : json;
  return labels !== null && typeof labels === "object" ? labels as Record<string, unknown> : undefined;
}
