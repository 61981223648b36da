/**
 * How long a sweep will take, judged by its members that are finished or run.
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
  /** What running members took up to now, and their own forecasts of what is left. */
  running: readonly (MemberTime & { left: number })[];
  /** The members that have not begun, and the forecasts of their plans. */
  open: readonly MemberTime[];
  /** How many members run at once. */
  jobs: number;
}

/**
 * Seconds until all members are finished. A member that has not begun takes as long as the finished ones of its experiment;
 * else as its plan says; else, where that is NaN, as all that are finished. NaN while there is none of these.
 */
export function secondsLeft({ finished, running, open, jobs }: SweepTimes): number {
  if (running.length + open.length === 0) return 0;
  const expected = ({ experiment, seconds }: MemberTime) => {
    const own = finished.filter((member) => member.experiment === experiment);
    return own.length > 0 ? meanSeconds(own) : Number.isNaN(seconds) ? meanSeconds(finished) : seconds;
  };
  const rest = running.map(({ experiment, seconds, left }) =>
    Number.isNaN(left) ? Math.max(0, expected({ experiment, seconds: NaN }) - seconds) : left
  );
  const work = [...rest, ...open.map(expected)].reduce((sum, seconds) => sum + seconds, 0);
  return Math.max(work / Math.min(jobs, rest.length + open.length), ...rest);
}

function meanSeconds(members: readonly MemberTime[]): number {
  return members.reduce((sum, { seconds }) => sum + seconds, 0) / members.length;
}
