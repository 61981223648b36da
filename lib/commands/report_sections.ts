/**
 * What the report of a cohort shows.
 *
 * @module
 */
import { relative } from "@std/path";
import { compareArms } from "../metrics/compare_arms.ts";
import { worstCases } from "../metrics/worst_cases.ts";
import { armComparison, armDifferences } from "../plots/arm_comparison.ts";
import { armCurves } from "../plots/arm_curves.ts";
import { differenceTable, intervalTable } from "../plots/comparison_table.ts";
import type { Figure } from "../plots/figure.ts";
import { organBars } from "../plots/organ_bars.ts";
import { organDice } from "../plots/organ_dice.ts";
import type { PageItem, PageSection } from "../plots/page.ts";
import { pseudoLabelQuality } from "../plots/pseudo_label_quality.ts";
import { pseudoLabelTable } from "../plots/pseudo_label_table.ts";
import { type Table, table } from "../plots/table.ts";
import { worstCaseTable } from "../plots/worst_case_table.ts";
import { type Arm, scoresByArm } from "../runs/arms.ts";
import type { RunSummary } from "../runs/list_runs.ts";
import { readHistory, readPseudoLabels } from "../runs/read_run.ts";
import { secondsOf } from "../runs/run_record.ts";

export interface ReportOptions {
  /** The arm that the others are compared with. */
  reference: string;
  /** The page's folder, from which runs are linked. */
  folder: string;
}

/** Scores, differences, training, pseudo labels, worst cases and runs of arms, each with the runs behind it. */
export async function reportSections(
  arms: readonly Arm[],
  { reference, folder }: ReportOptions,
): Promise<PageSection[]> {
  const item = (shown: Figure | Table, runs: readonly RunSummary[]): PageItem => ({
    shown,
    sources: runs.map((run) => ({ name: run.name, path: relative(folder, run.folder) })),
  });
  const all = arms.flatMap(({ runs }) => runs);
  const scores = scoresByArm(arms);
  const dice = compareArms(scores, { reference });
  const hd95 = compareArms(scores, { reference, metric: "hd95" });
  const first = arms.find(({ name }) => name === reference) ?? arms[0];
  const trained = arms.map(({ runs }) => runs[0]);
  const histories = await Promise.all(trained.map(readHistory));
  const curves = arms.flatMap(({ name }, index) =>
    histories[index].length > 0 ? [[name, histories[index]] as const] : []
  );
  const pseudo = Object.fromEntries(
    await Promise.all(
      arms.map(async ({ name, runs }) => [name, (await Promise.all(runs.map(readPseudoLabels))).flat()]),
    ),
  );
  return [
    {
      title: "Scores",
      items: [
        ...[intervalTable(dice), armComparison(dice), organBars(dice)].map((shown) => item(shown, all)),
        ...[intervalTable(hd95), armComparison(hd95)].map((shown) => item(shown, all)),
      ],
    },
    {
      title: "Differences",
      items: [armDifferences(dice), differenceTable(dice), differenceTable(hd95)].map((shown) =>
        item(shown, all)
      ),
    },
    { title: "Cases", items: [item(organDice(scores), all), worstCaseItem()] },
    {
      title: "Training",
      text: [
        curves.length > 0 ? "Of each arm the run of its first seed." : "None of the arms was trained here.",
      ],
      items: curves.length > 0 ? [item(armCurves(Object.fromEntries(curves)), trained)] : [],
    },
    {
      title: "Pseudo labels",
      items: [
        item(pseudoLabelTable(pseudo, { organs: dice.organs }), all),
        item(
          pseudoLabelQuality(pseudo[first.name], {
            organs: dice.organs,
            title: `Pseudo labels of ${first.name}`,
          }),
          first.runs,
        ),
      ],
    },
    { title: "Runs", items: [item(runTable(arms), all)] },
  ];

  function worstCaseItem(): PageItem {
    const worst = worstCases(scores, { of: first.name });
    return item(worstCaseTable(worst, { caption: `Lowest Dice of ${first.name}` }), all);
  }
}

/** A row a run: what it is, when and where it ran, what it cost. */
function runTable(arms: readonly Arm[]): Table {
  return table(
    arms.flatMap(({ name, runs }) =>
      runs.map(({ name: run, record }) => ({
        ...{ arm: name, seed: record.seed, run },
        ended: record.attempts.at(-1)?.ended?.slice(0, 16).replace("T", " "),
        minutes: (secondsOf(record) / 60).toFixed(1),
        ...{
          host: record.machine.host,
          threads: record.machine.threads,
          "method version": record.methodVersion,
        },
        commit: record.git && `${record.git.commit.slice(0, 7)}${record.git.modified ? " (modified)" : ""}`,
      }))
    ),
    {
      caption: "Finished runs",
      notes: ["Minutes: of the run itself; a stage that another run had computed took none."],
    },
  );
}
