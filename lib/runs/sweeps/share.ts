/**
 * Shares of a sweep: what one of several tasks runs of it.
 *
 * @module
 */

/** The share `index` of `count`, both from 1 on. */
export interface Share {
  index: number;
  count: number;
}

/**
 * Reads a share such as `3/8`.
 *
 * @throws Error when it is none
 */
export function parseShare(text: string): Share {
  const [, index = 0, count = 0] = text.match(/^(\d{1,6})\/(\d{1,6})$/)?.map(Number) ?? [];
  if (!(index >= 1 && index <= count)) {
    throw new Error(`Cannot run a share: it must be i/n with i from 1 to n, current value is "${text}"`);
  }
  return { index, count };
}

/**
 * Every `count`-th member from the `index`-th on. Where the last axis is the seed and there are as many shares as seeds, a
 * share has one seed of every arm, so that stages that arms have in common are computed within one share.
 */
export function shareOf<T>(members: readonly T[], { index, count }: Share): T[] {
  return members.filter((_, place) => place % count === index - 1);
}
