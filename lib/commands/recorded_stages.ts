/**
 * The stage routines as notebooks call them: what goes wrong in one marks its run, and a stop says where it was.
 *
 * @module
 */
import type { Run } from "../runs/start_run.ts";
import * as full from "../stages/full_organ.ts";
import * as partial from "../stages/partial_organ.ts";
import * as pooled from "../stages/pooled.ts";
import * as session from "./training_session.ts";

/** The same routine on a run, its second argument. */
function recorded<Study, Options, Result>(
  stage: (study: Study, run: Run, options: Options) => Promise<Result>,
): (study: Study, run: Run, options: Options) => Promise<Result> {
  return (study, run, options) => run.during(() => stage(study, run, options));
}

/** The same routine on a run among its options. */
function recordedOf<Subject, Rest extends unknown[], Result>(
  work: (subject: Subject, ...rest: Rest) => Promise<Result>,
  runOf: (...rest: Rest) => Run,
): (subject: Subject, ...rest: Rest) => Promise<Result> {
  return (subject, ...rest) => runOf(...rest).during(() => work(subject, ...rest));
}

export const trainPartialOrganModels = recorded(partial.trainPartialOrganModels);
export const trainFullOrganModels = recorded(full.trainFullOrganModels);
export const trainPooledModel = recorded(pooled.trainPooledModel);
export const completeLabels = recorded(session.completeLabels);
export const evaluate = recordedOf(session.evaluate, (_study, { run }) => run);
export const keepFigure = recordedOf(session.keepFigure, ({ run }) => run);
