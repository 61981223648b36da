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

/**
 * The same of networks in bfloat16 alone, beside it. 2: filters larger than a level of the network have right gradients (see
 * lib/models/filter_gradient.ts).
 */
export const bfloat16Version = 2;
