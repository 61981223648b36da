/**
 * Whether scans are taken as they are, as `--force` asks for: what looks like a fault may be known to be none.
 *
 * @module
 */

/** Inherited by the notebooks that a run starts. */
const VARIABLE = "CONSILIUM_FORCE";

/** From here on, and in processes that are started from here, scans are taken as they are. */
export function force(): void {
  Deno.env.set(VARIABLE, "1");
}

export function isForced(): boolean {
  return Deno.env.get(VARIABLE) === "1";
}
