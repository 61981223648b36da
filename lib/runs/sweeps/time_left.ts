/**
 * How long a sweep will take, judged by its members that are finished.
 *
 * @module
 */

export interface MemberTime {
  experiment: string;
  seconds: number;
}

export interface SweepTimes {
  /** What finished members took. */
  finished: readonly MemberTime[];
  /** What running members took up to now. */
  running: readonly MemberTime[];
  /** Experiments of the members that have not begun. */
  open: readonly string[];
  /** How many members run at once. */
  jobs: number;
}

/**
 * Seconds until all members are finished; NaN while none is. A member takes as long as the finished ones of its
 * experiment, or of all experiments where its own has none.
 */
export function secondsLeft({ finished, running, open, jobs }: SweepTimes): number {
  if (running.length + open.length === 0) return 0;
  const expected = (experiment: string) => {
    const own = finished.filter((member) => member.experiment === experiment);
    const like = own.length > 0 ? own : finished;
    return like.reduce((sum, { seconds }) => sum + seconds, 0) / like.length;
  };
  const rest = running.map(({ experiment, seconds }) => Math.max(0, expected(experiment) - seconds));
  const work = [...rest, ...open.map(expected)].reduce((sum, seconds) => sum + seconds, 0);
  return Math.max(work / Math.min(jobs, rest.length + open.length), ...rest);
}
