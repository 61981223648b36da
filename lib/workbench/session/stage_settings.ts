/**
 * Cells that go on with a run must go on with what it was started with: its record says what it did, and tables and names
 * of arms believe it.
 *
 * @module
 */
import { type ParameterName, parameters, type ParameterValue } from "../../methods/parameters.ts";
import type { Run } from "../../runs/start_run.ts";
import { unknownName } from "../../text/unknown_name.ts";
import { isAsLoaded, type LoadedStudy } from "../load_study.ts";

/** Parameters that decide what a cell does. */
const parametersOf = {
  "train partial-organ models": [
    ...["seed", "partialOrganSteps", "learningRate", "predictionDifference"] as const,
    ...["predictionDifferenceForm", "sharedOrgans", "featureDifference", "featureDifferenceForm"] as const,
    ...["sharedInitialisation", "peersPerStep", "rampUp"] as const,
  ],
  "complete labels": [
    ...["seed", "organThreshold", "backgroundThreshold", "clean", "confidenceFilter"] as const,
    ...["agreementFilter", "volumeFilter", "outlierFilter"] as const,
  ],
  "train full-organ models": [
    ...["seed", "fullOrganSteps", "learningRate", "pseudoWeight", "predictionSimilarity"] as const,
    ...["klWeight", "featureSimilarity", "teacherMargin", "teacherDecay", "peersPerStep", "rampUp"] as const,
  ],
  "train the pooled model": ["seed", "fullOrganSteps", "learningRate", "pseudoWeight"],
  "evaluate": ["inference"],
} as const satisfies Record<string, readonly ParameterName[]>;

/** What a cell does, in words. */
export type StageAction = keyof typeof parametersOf;

/** Options that are not called like their parameters. */
const optionOf: Partial<Record<ParameterName, string>> = {
  partialOrganSteps: "steps",
  fullOrganSteps: "steps",
  confidenceFilter: "filters.confidence",
  agreementFilter: "filters.agreement",
  volumeFilter: "filters.volume",
  outlierFilter: "filters.outliers",
};

const howToTrain = ["workers", "checkpointSeconds"] as const;

/** Options that are no parameters: what a cell hands on, and what decides no result or is the notebook's own affair. */
const otherOptions: Record<StageAction, readonly string[]> = {
  "train partial-organ models": howToTrain,
  "complete labels": ["models", "copies"],
  "train full-organ models": ["completed", ...howToTrain],
  "train the pooled model": ["completed", ...howToTrain],
  "evaluate": ["run"],
};

export interface StageCall {
  study: LoadedStudy;
  run: Run;
  /** What the cell passes. */
  options: object;
  /** The cohort's values of parameters whose 0 means them. @default none */
  ofCohort?: Partial<Record<ParameterName, number>>;
}

/**
 * Makes sure that a cell does what its run was started with. Parameters that the run does not declare are its notebook's
 * own affair.
 *
 * @throws Error naming an option that there is not, or all that differs and the cell to run again
 */
export function requireSettings(
  action: StageAction,
  { study, run, options, ofCohort = {} }: StageCall,
): void {
  requireKnown(action, options);
  const again = "Run the cell with startRun again, then this one";
  const { record, name: runName } = run;
  if (study.data.hash !== record.dataHash) {
    throw new Error(
      `Cannot ${action}: the study in this cell is not the one that the run ${runName} was started with ` +
        `(${study.name}, other cases, labels or settings). ${again}`,
    );
  }
  if (!isAsLoaded(study)) {
    throw new Error(
      `Cannot ${action}: the study in this cell was changed since it was loaded, and the run ${runName} was started with ` +
        `what ${study.cohort} holds. Change the cohort's file, and run the cell with startRun again`,
    );
  }
  const differing = parametersOf[action].flatMap((name) => {
    const started = run.parameters[name];
    const given = optionIn(options, optionOf[name] ?? name);
    const value = given ?? parameters[name].default;
    const meant = (value: ParameterValue) => value === 0 ? ofCohort[name] ?? value : value;
    if (started === undefined || meant(value) === meant(started)) return [];
    const called = optionOf[name] ? `${optionOf[name]} (${name})` : name;
    const here = `${called} is ${JSON.stringify(value)} in this cell${
      given === undefined ? ", as it is not given" : ""
    }`;
    return [`${here}, the run ${runName} was started with ${JSON.stringify(started)}`];
  });
  if (differing.length > 0) throw new Error(`Cannot ${action}: ${differing.join("; ")}. ${again}`);
}

/** Notebooks are not type-checked: what nobody reads would pass for a setting. */
function requireKnown(action: StageAction, options: object): void {
  const known = [...parametersOf[action].map((name) => optionOf[name] ?? name), ...otherOptions[action]];
  const given = Object.entries(options).flatMap(([name, value]) =>
    name === "filters" ? Object.keys(value ?? {}).map((filter) => `filters.${filter}`) : [name]
  );
  const unknown = given.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const faults = unknown.map((name) => unknownName(name, known));
  throw new Error(`Cannot ${action}: an option ${faults.join("; an option ")}`);
}

function optionIn(options: object, path: string): ParameterValue | undefined {
  return path.split(".").reduce<unknown>(
    (value, key) => (value as Record<string, unknown> | undefined)?.[key],
    options,
  ) as ParameterValue | undefined;
}
