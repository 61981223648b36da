/**
 * The run that was probably meant.
 *
 * @module
 */
import { nearestName } from "../../text/unknown_name.ts";
import { listRuns } from "./list_runs.ts";
import { foldersIn } from "../../files/folder_contents.ts";

const listed = 12;

/**
 * What there is, for a text that names no run: "; did you mean phantom/mutual/default/v001?" where it is nearly a run's
 * name or the beginning of one (then the newest), else the runs that there are.
 */
export async function nearestRun(text: string, results: string): Promise<string> {
  const cohorts = await foldersIn(results);
  const runs = await Promise.all(
    cohorts.map((cohort) => listRuns(cohort, { results, status: "all", onUnreadable: () => {} })),
  );
  const names = runs.flat().map(({ name }) => name);
  const parts = text.split("/").filter((part) => part !== "" && part !== ".");
  const begun = names.filter((name) => endsAmong(parts, name.split("/")));
  const nearest = begun.at(-1) ?? nearestName(parts.slice(-4).join("/"), names);
  if (nearest !== undefined) return `; did you mean ${nearest}?`;
  if (names.length === 0) return "; there is no run yet";
  return `; there ${names.length === 1 ? "is" : "are"} ${names.slice(0, listed).join(", ")}${
    names.length > listed ? ` and ${names.length - listed} more` : ""
  }`;
}

/** Whether a folder such as results/phantom/mutual ends with the beginning of a run's name. */
function endsAmong(folder: readonly string[], run: readonly string[]): boolean {
  return run.some((_, index) => {
    const begin = run.slice(0, index + 1).join("/");
    return folder.slice(-(index + 1)).join("/") === begin;
  });
}
