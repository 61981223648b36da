/**
 * What figures and tables of a cohort read of one case.
 *
 * @module
 */

export interface CohortCase {
  case: string;
  dataset: string;
  /** Such as "training", "validation" and "test". */
  role: string;
  /** Voxels [z, y, x]. */
  shape: readonly [number, number, number];
  /** mm [z, y, x]. */
  spacing: readonly [number, number, number];
  /** Percentiles of the scan's intensities. */
  intensity: { low: number; median: number; high: number };
  /** The annotated organs that the study shows of the case, with their volumes in mL; 0 where there is no voxel. */
  organs: readonly { organ: string; volume: number }[];
}

/** Cases by dataset and role, in the order in which they come. */
export function byDatasetAndRole(
  cases: readonly CohortCase[],
): { dataset: string; role: string; cases: CohortCase[] }[] {
  const groups = Map.groupBy(cases, ({ dataset, role }) => JSON.stringify([dataset, role]));
  return [...groups.values()].map((cases) => {
    const { dataset, role } = cases[0]!;
    return { dataset, role, cases };
  });
}
