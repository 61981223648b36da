/**
 * What a stage of training tells whoever is watching.
 *
 * @module
 */
import type { Learner } from "./learner.ts";
import type { StageRecorder } from "./recorder.ts";
import { doneOf, type Work } from "./work.ts";

export interface TrainingProgressOptions {
  recorder: Pick<StageRecorder, "progress">;
  stage: string;
  steps: number;
  validateEvery: number;
  /** Of the stage, none of it done. */
  work: readonly Work[];
}

/** Share of a loss that a new value makes up: about the mean of the last twenty values. */
const NOVELTY = 0.05;

/** The term that says how well models learn their own labels, where a plan has one: of others no loss is shown. */
const CHIEF_TERM = "own";

/** Tells the steps, the smoothed loss, and the validations case by case. */
export function createTrainingProgress(options: TrainingProgressOptions) {
  const { recorder, stage, steps, validateEvery, work } = options;
  const rounds = Math.ceil(steps / validateEvery);
  const perRound = (work.find(({ kind }) => kind === "validation")?.count ?? 0) / rounds;
  const roundsBefore = (step: number) => step === 0 ? 0 : Math.ceil(step / validateEvery) - 1;
  const dice = new Map<string, { last: number; best: number }>();
  let loss: number | undefined;

  function tell(step: number, { validated = 0, activity }: { validated?: number; activity?: string } = {}) {
    const done = { training: step, validation: roundsBefore(step) * perRound + validated };
    recorder.progress({
      stage,
      step,
      steps,
      ...activity === undefined ? {} : { activity },
      ...loss === undefined ? {} : { loss: { name: CHIEF_TERM, value: loss } },
      ...dice.size === 0 ? {} : {
        dice: {
          last: mean([...dice.values()].map(({ last }) => last)),
          best: mean([...dice.values()].map(({ best }) => best)),
        },
      },
      work: doneOf(work, done),
    });
  }
  return {
    add({ name, value }: { name: string; value: number }) {
      if (name === CHIEF_TERM) loss = loss === undefined ? value : loss + NOVELTY * (value - loss);
    },
    /** Training begins, or goes on, after so many steps. */
    begin: (step: number) => tell(step, { activity: "first batch" }),
    /** @param untaught what no gradient has reached, though it is time; empty if there is nothing to warn of */
    step: (step: number, untaught = "") =>
      tell(step, untaught === "" ? {} : { activity: `no gradient yet: ${untaught}` }),
    /** All models are validated after a step. */
    beginRound(step: number) {
      let validated = 0;
      const say = ({ name }: Learner) => {
        const cases = perRound > 0 ? ` ${validated}/${perRound}` : "";
        tell(step, { validated, activity: `validating ${name}${cases}` });
      };
      return {
        begin: say,
        /** One case more is done. */
        next(learner: Learner) {
          validated++;
          say(learner);
        },
        /** @param last mean Dice of the learner */
        end: ({ name, best }: Learner, last: number) => void dice.set(name, { last, best: best.score }),
        finish: () => tell(step, { validated: perRound }),
      };
    },
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
