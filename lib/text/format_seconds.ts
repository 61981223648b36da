/**
 * Seconds as one says them.
 *
 * @module
 */

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
