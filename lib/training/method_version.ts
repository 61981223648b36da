/**
 * The version of the method, as part of every run's and every stage's identity.
 *
 * Raise it by hand whenever the same parameters on the same data would give other numbers: then nothing
 * computed before is taken for an answer. Comments, plots and refactorings leave it alone.
 *
 * @module
 */
export const methodVersion = 1;
