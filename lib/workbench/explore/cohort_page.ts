/**
 * The page of a cohort's results: what can be chosen, then all that a report shows.
 *
 * @module
 */
import type { JudgedCard } from "../../comparison/claims/judged_card.ts";
import type { Arm } from "../../comparison/arms.ts";
import type { PageOptions, PageSection } from "../../plots/pages/page.ts";
import { findCohort } from "../cohort_paths.ts";
import { recordedCohort } from "../project.ts";
import { reportSections } from "../report_sections.ts";
import { collectData, type CollectOptions } from "./collect_data.ts";
import { pageProgram } from "./page_program.ts";

export interface CohortPageOptions extends CollectOptions {
  /** The arm that the report's tables compare the others with. @default as compareArms */
  reference?: string | undefined;
  /** Claim cards on the cohort. @default [] */
  claims?: readonly JudgedCard[];
}

export interface CohortPage {
  sections: PageSection[];
  options: Omit<PageOptions, "plotly" | "style">;
}

/** What training scans show, by the cohort's file where it is at hand; of folds and other cohorts' arms it is the same. */
async function labelledIn(arms: readonly Arm[]): Promise<Pick<CollectOptions, "labelled">> {
  const { cohort, parameters } = arms[0]!.runs[0].record;
  try {
    const { cohort: { datasets, test } } = await findCohort(
      recordedCohort(String(parameters.cohort ?? cohort)),
    );
    const shown = datasets.map(({ name, folder, organs }) => ({ name, folder, organs }));
    // A test set is of the domain whose folder it is in; of others nobody says.
    const tested = test.map(({ name, folder }) => {
      const alike = shown.filter((one) => one.folder === folder || one.name === name);
      return { name, organs: alike.flatMap(({ organs }) => organs) };
    }).filter(({ organs }) => organs.length > 0);
    return { labelled: Object.fromEntries([...shown, ...tested].map(({ name, organs }) => [name, organs])) };
  } catch {
    return {}; // the page says nothing of domains then
  }
}

/** The same for a file and for a browser that is served. @param arms one at least */
export async function cohortPage(arms: readonly Arm[], options: CohortPageOptions): Promise<CohortPage> {
  const { cohort, reference, claims = [], folder } = options;
  const data = collectData(arms, { ...options, ...await labelledIn(arms) }),
    { script, style } = await pageProgram();
  const runs = arms.reduce((sum, arm) => sum + arm.runs.length, 0);
  return {
    sections: await reportSections(arms, { reference, claims, folder }),
    options: {
      title: `Results on ${cohort}`,
      text: [
        `${arms.length} arms, ${runs} finished runs. A click on a column's name sorts a table.`,
        ...data.warnings,
      ],
      live: {
        id: "explorer",
        sections: [["arms", "Arms"], ["scores", "Explore"], ["organ", "By case"]],
        data,
        program: script,
        style,
      },
    },
  };
}
