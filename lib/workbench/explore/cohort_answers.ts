/**
 * What the server of pages answers of one cohort.
 *
 * @module
 */
import { join } from "@std/path";
import type { Arm } from "../../comparison/arms.ts";
import { describeUnfinished } from "../../comparison/choose_arms.ts";
import { pageHtml } from "../../plots/pages/page.ts";
import { baseStyle, PLOTLY_FILE, plotlyProgram } from "../../plots/pages/write_page.ts";
import { claimsOn } from "../claims/cohort_claims.ts";
import { findArms } from "../find_arms.ts";
import { caseFigures } from "./case_figures.ts";
import { cohortPage } from "./cohort_page.ts";
import { runningRuns } from "./running_runs.ts";
import type { Answering } from "./serve_pages.ts";

/** Below a cohort's own address. */
export async function answerOfCohort(
  cohort: string,
  place: string,
  { query, results }: { query: URLSearchParams; results: string },
): Promise<Answering | undefined> {
  if (place === "") return { type: "text/html; charset=utf-8", body: await pageOf(cohort, results) };
  if (place === PLOTLY_FILE) return { type: "text/javascript", body: await plotlyProgram() };
  if (place === "running") {
    return { type: "application/json", body: JSON.stringify(await runningRuns(cohort, { results })) };
  }
  if (place !== "case") return undefined;
  const { arms } = await armsOf(cohort, results);
  const answer = await caseFigures(cohort, chosenOf(arms, query.get("arms")), query.get("case") ?? "");
  return { type: "application/json", body: JSON.stringify(answer) };
}

async function armsOf(cohort: string, results: string) {
  const unreadable = new Set<string>();
  const onUnreadable = ({ message }: Error) => void unreadable.add(`${message}; it is left out.`);
  return { ...await findArms(cohort, "all", { results, onUnreadable }), unreadable: [...unreadable] };
}

async function pageOf(cohort: string, results: string): Promise<string> {
  const { arms, unfinished, unreadable } = await armsOf(cohort, results);
  const { cards, problems } = await claimsOn(cohort, { results });
  const { sections, options } = await cohortPage(arms, {
    cohort,
    unfinished,
    warnings: [...describeUnfinished(unfinished).map((line) => `${line}.`), ...problems, ...unreadable],
    claims: cards,
    folder: join(results, cohort, "report"),
    served: true,
  });
  return pageHtml(sections, { ...options, plotly: PLOTLY_FILE, style: await baseStyle() });
}

/** Those whose names a list has; all that is no such list means none. */
function chosenOf(arms: readonly Arm[], text: string | null): Arm[] {
  try {
    const names: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(names) ? arms.filter(({ name }) => names.includes(name)) : [];
  } catch {
    return [];
  }
}
