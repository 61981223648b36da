/**
 * Which organs of different datasets may be one, by what their names mean (METHOD section 9): proposals for a person, never applied.
 *
 * @module
 */
import { organKey } from "../organs/organ_name.ts";
import type { OrganVectors } from "../organ_vectors.ts";

/** A cosine of names from which two organs are proposed: synonyms have 0.75 to 0.9, and so have some that are none, such as two veins. */
const LIKELY = 0.75;

/** Two organs of which no dataset has both. */
export interface SameOrgan {
  names: readonly [one: string, other: string];
  /** Of the names' embeddings. */
  cosine: number;
}

/**
 * Pairs of organs that are named alike and that no dataset tells apart; the likeliest first. Left and right are never one.
 *
 * @param organs of the cohort
 * @param options `datasets`: the organs that each shows; `vectors`: of the organs, in their order
 */
export function proposeSameOrgans(
  organs: readonly string[],
  { datasets, vectors }: { datasets: readonly (readonly string[])[]; vectors: Pick<OrganVectors, "organs"> },
): SameOrgan[] {
  const pairs = organs.flatMap((one, i) =>
    organs.slice(i + 1).flatMap((other, k): SameOrgan[] => {
      const [a, b] = [vectors.organs[i], vectors.organs[i + 1 + k]];
      const sides = new Set([one, other].flatMap((name) => organKey(name).side ?? []));
      const together = datasets.some((shown) => shown.includes(one) && shown.includes(other));
      if (!a || !b || together || sides.size > 1) return [];
      const cosine = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
      return cosine >= LIKELY ? [{ names: [one, other], cosine }] : [];
    })
  );
  return pairs.sort((a, b) => b.cosine - a.cosine);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}
