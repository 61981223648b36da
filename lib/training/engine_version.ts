/**
 * The version of the engine (sampler, network, optimiser, store, inference), as part of every stage's identity; each method has
 * one of its own.
 *
 * Raise it by hand whenever the same plan on the same data would give other numbers: then nothing computed before is taken for an
 * answer. Comments, plots and refactorings leave it alone.
 *
 * @module
 */
export const engineVersion = 1;
