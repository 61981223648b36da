/**
 * How long work will take.
 *
 * @module
 */

/** Where counted work is: equal names belong to one piece of work. */
export interface Place {
  name: string;
  step: number;
  steps: number;
}

/**
 * Answers, for each place of ongoing work, the seconds left at its mean pace since the first place that was told of
 * it; NaN while that is not known. Work that is resumed begins with the step it is resumed at.
 *
 * @param clock seconds
 */
export function createTimeLeft(clock = () => performance.now() / 1000): (place: Place) => number {
  let name: string | undefined;
  let [first, begun] = [0, 0];
  return (place) => {
    const now = clock();
    if (place.name !== name || place.step < first) [name, first, begun] = [place.name, place.step, now];
    return place.step > first
      ? (now - begun) / (place.step - first) * (place.steps - place.step)
      : place.step === place.steps
      ? 0
      : NaN;
  };
}

/** Such as "41 s", "2 min 5 s" and "3 h 20 min"; "…" where it is not known. */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return "…";
  const whole = Math.round(seconds);
  if (whole < 100) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 100
    ? `${minutes} min ${whole % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
