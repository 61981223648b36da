/**
 * What an arm's notebook is going to do, for the time left.
 *
 * It is read off the notebook's calls of the stage routines, before any of them runs. Each stage says what its work
 * really is once it begins, so that what a notebook hides from this reading makes a forecast worse, and nothing else.
 *
 * @module
 */
import type { PreparedStudy } from "../../data/store/prepared_study.ts";
import type { StageWork } from "../../runs/progress/forecast.ts";
import type { Notebook } from "../../runs/notebooks/notebook.ts";
import type { Parameters, ParameterValue } from "../../runs/notebooks/parameters.ts";
import { copiesOf } from "../../labels/pseudo_filters.ts";
import { completionWork, teamWork, testWork } from "../../training/work.ts";

/** Value of an option of a call; undefined where the call leaves the routine's default. */
type Option = (name: string) => ParameterValue | undefined;

type Planner = (study: PreparedStudy, option: Option) => StageWork;

const planners: Record<string, Planner> = {
  trainPartialOrganModels: (study, option) => ({
    stage: "partial_organ",
    work: teamWork({
      ...settingsOf(study, option, { defaultSteps: study.training.partialOrganSteps }),
      members: study.datasets.map(({ organs, validation }, i) => ({ organs, own: [i], validation })),
      peersPerStep: isOn(option, ["predictionDifference", "featureDifference"]) ? peersOf(study, option) : 0,
    }),
  }),
  completeLabels: (study, option) => ({
    stage: "pseudo_labels",
    work: completionWork({
      cases: study.datasets.flatMap(({ training }) => training),
      models: study.datasets.length,
      organCount: study.organs.length,
      copies: copiesOf({ agreement: option("agreement") as number | undefined }),
      window: study.patch,
    }),
  }),
  trainFullOrganModels: (study, option) => ({
    stage: "full_organ",
    work: teamWork({
      ...settingsOf(study, option, { defaultSteps: study.training.fullOrganSteps }),
      members: study.datasets.map((_, i) => wholeMember(study, [i])),
      peersPerStep: isOn(option, ["predictionSimilarity", "featureSimilarity"]) ? peersOf(study, option) : 0,
    }),
  }),
  trainPooledModel(study, option) {
    const { partialOrganSteps, fullOrganSteps } = study.training;
    const defaultSteps = option("completed") === undefined
      ? partialOrganSteps + fullOrganSteps
      : fullOrganSteps;
    const member = wholeMember(study, study.datasets.map((_, i) => i));
    const settings = settingsOf(study, option, { defaultSteps });
    return { stage: "pooled", work: teamWork({ ...settings, members: [member], peersPerStep: 0 }) };
  },
  evaluate: (study, option) => ({
    stage: "test",
    work: testWork({
      count: study.test.length,
      like: study.datasets.flatMap(({ training }) => training),
      models: ["mean", "merged"].includes(String(option("inference"))) ? study.datasets.length : 1,
      window: study.patch,
    }),
  }),
};

/** The stages that the notebook will come to, in its order, none of their work done. */
export function armWork(
  notebook: Notebook,
  { parameters, study }: { parameters: Parameters; study: PreparedStudy },
): StageWork[] {
  const code = notebook.cells.filter(({ cell_type }) => cell_type === "code").map(({ source }) => source)
    .join("\n");
  const calls = code.matchAll(new RegExp(String.raw`\b(${Object.keys(planners).join("|")})\(`, "g"));
  const stages = [...calls].map(({ 1: name, index }) =>
    planners[name](study, optionsOf(code.slice(index, code.indexOf(");", index)), parameters))
  );
  const figures = code.match(/\bkeepFigure\(/g)?.length ?? 0;
  return [...stages, { stage: FIGURES, work: [{ kind: "figure", done: 0, count: figures, passes: 1 }] }];
}

/** What a run says while it draws. */
export const FIGURES = "figures";

/** Options as notebooks write them: `seed`, `steps: fullOrganSteps || undefined` and `predictionDifference: 0`. */
function optionsOf(call: string, parameters: Parameters): Option {
  return (name) => {
    const [found, value] = call.match(new RegExp(String.raw`\b${name}\b(?:\s*:\s*([^\s,}]+))?`)) ?? [];
    if (found === undefined) return undefined;
    const word = value ?? name;
    if (/^["']/.test(word)) return word.slice(1, -1);
    return parameters[word] ?? (Number.isNaN(Number(word)) ? word : Number(word));
  };
}

function isOn(option: Option, weights: readonly string[]): boolean {
  return weights.some((name) => option(name) !== 0);
}

/** 0 is the routine's word for all. */
function peersOf({ datasets }: PreparedStudy, option: Option): number {
  return Math.min(Number(option("peersPerStep")) || Infinity, datasets.length - 1);
}

function settingsOf(study: PreparedStudy, option: Option, { defaultSteps }: { defaultSteps: number }) {
  const { batchSize, validateEvery } = study.training;
  return { steps: Number(option("steps")) || defaultSteps, batchSize, validateEvery, window: study.patch };
}

function wholeMember({ organs, datasets }: PreparedStudy, own: number[]) {
  const validation = datasets.flatMap(({ validation }) => validation);
  return { organs: organs.map(({ number }) => number), own, validation };
}
