/**
 * What the loop tells history.csv between validations.
 *
 * @module
 */
import type { StageRecorder } from "./recorder.ts";
import type { TermValue } from "./round_gradients.ts";

/** Sums of the present interval, by model and term, as JSON. */
export type TrainingLogState = Record<string, Record<string, { sum: number; count: number }>>;

/** Before the term's name. */
const GRADIENT = "gradient/";
const isGradient = (column: string) => column.startsWith(GRADIENT);

/** Means of the loss terms, and of their gradients' norms where these were measured, over a logging interval, one row a model; half an interval survives a resumption. */
export function createTrainingLog(
  { recorder, stage }: { recorder: Pick<StageRecorder, "log">; stage: string },
) {
  let sums: TrainingLogState = {};
  return {
    add({ network, name, value, gradient }: TermValue) {
      const add = (column: string, value: number) => {
        const term = (sums[network] ??= {})[column] ??= { sum: 0, count: 0 };
        term.sum += value;
        term.count++;
      };
      add(name, value);
      if (gradient !== undefined) add(GRADIENT + name, gradient);
    },
    write(at: { step: number; learningRate: number; seconds: number }) {
      for (const [model, terms] of Object.entries(sums)) {
        const means = Object.entries(terms).map(([name, { sum, count }]) => [name, sum / count] as const)
          .toSorted(([a], [b]) => Number(isGradient(a)) - Number(isGradient(b)));
        recorder.log({ stage, model, ...at, terms: Object.fromEntries(means) });
      }
      sums = {};
    },
    save: () => sums,
    load: (state: TrainingLogState) => void (sums = state),
  };
}
