/**
 * What set-up says when something is missing: one sentence that names it and what to do about it.
 *
 * @module
 */
export class SetupError extends Error {
  override name = "SetupError";
}
