/**
 * The run that was probably meant.
 *
 * @module
 */
import { nearestName } from "../text/unknown_name.ts";
import { foldersIn, listRuns } from "./list_runs.ts";

/** "; did you mean phantom/mutual/default/v001?" for a name that is nearly a run's, else "". */
export async function nearestRun(text: string, results: string): Promise<string> {
  const cohorts = await foldersIn(results);
  const runs = await Promise.all(
    cohorts.map((cohort) => listRuns(cohort, { results, status: "all", onUnreadable: () => {} })),
  );
  const named = text.replace(/\/+$/, "").split("/").slice(-4).join("/");
  const nearest = nearestName(named, runs.flat().map(({ name }) => name));
  return nearest === undefined ? "" : `; did you mean ${nearest}?`;
}
