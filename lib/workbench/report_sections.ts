/**
 * What the report of a cohort shows.
 *
 * @module
 */
import { relative } from "@std/path";
import { foldText } from "../data/cohorts/fold.ts";
import type { JudgedCard } from "../comparison/claims/judged_card.ts";
import { compareByAll } from "../comparison/compare_arms.ts";
import type { Metric } from "../metrics/metric.ts";
import { worstCases } from "../comparison/worst_cases.ts";
import { armComparison, armDifferences } from "../plots/arms/arm_comparison.ts";
import { armCurves } from "../plots/arms/arm_curves.ts";
import { differenceTable, intervalTable } from "../plots/arms/comparison_table.ts";
import { claimFigure } from "../plots/claims/claim_figure.ts";
import { claimTable } from "../plots/claims/claim_table.ts";
import type { Figure } from "../plots/figure.ts";
import { organBars } from "../plots/arms/organ_bars.ts";
import { organBoxes } from "../plots/arms/organ_boxes.ts";
import type { PageItem, PageSection } from "../plots/pages/page.ts";
import { convergenceTable } from "../plots/training/convergence_table.ts";
import { gradientTable } from "../plots/training/gradient_table.ts";
import { pseudoFilterTable } from "../plots/training/pseudo_filter_table.ts";
import { type PostprocessingOfRun, postprocessingTable } from "../plots/training/postprocessing_table.ts";
import { pseudoLabelQuality } from "../plots/training/pseudo_label_quality.ts";
import { pseudoLabelTable } from "../plots/training/pseudo_label_table.ts";
import { type Table, table } from "../plots/tables/table.ts";
import { worstCaseTable, worstTitle } from "../plots/arms/worst_case_table.ts";
import { type Arm, scoresByArm } from "../comparison/arms.ts";
import type { RunSummary } from "../runs/folder/list_runs.ts";
import { readHistory, readPostprocessing, readPseudoLabels } from "../runs/folder/read_run.ts";
import { secondsOf } from "../runs/folder/attempts.ts";
import { type RunStage, takenOver } from "../runs/folder/run_record.ts";

export interface ReportOptions {
  /** The arm that the others are compared with. @default as compareArms */
  reference?: string | undefined;
  /** Claim cards on the cohort. @default [] */
  claims?: readonly JudgedCard[];
  /** The page's folder, from which runs are linked. */
  folder: string;
}

/**
 * Scores, differences, claims, training, pseudo labels, postprocessing, worst cases and runs of arms, each with the runs behind it.
 *
 * @param arms one at least
 */
export async function reportSections(
  arms: readonly Arm[],
  { reference, claims = [], folder }: ReportOptions,
): Promise<PageSection[]> {
  const item = (shown: Figure | Table, runs: readonly RunSummary[]): PageItem => ({
    shown,
    sources: runs.map((run) => ({ name: run.name, path: relative(folder, run.folder) })),
  });
  const all = arms.flatMap(({ runs }) => runs);
  const scores = scoresByArm(arms);
  const comparisons = compareByAll(scores, { reference });
  const { organs, reference: found } = comparisons[0]!;
  const first = arms.find(({ name }) => name === found) ?? arms[0]!;
  const histories = await Promise.all(
    arms.flatMap(({ name, runs }) =>
      runs.map(async (run, i) => ({ arm: name, run, isFirst: i === 0, rows: await readHistory(run) }))
    ),
  );
  const trained = histories.filter(({ isFirst, rows }) => isFirst && rows.length > 0);
  const curves = Object.fromEntries(trained.map(({ arm, rows }) => [arm, rows]));
  const pseudo = Object.fromEntries(
    await Promise.all(
      arms.map(async ({ name, runs }) => [name, (await Promise.all(runs.map(readPseudoLabels))).flat()]),
    ),
  );
  const decisions = await Promise.all(
    arms.flatMap(({ name, runs }) =>
      runs.map(async (run): Promise<PostprocessingOfRun> => ({
        arm: name,
        seed: run.record.seed,
        rows: await readPostprocessing(run),
      }))
    ),
  );
  return [
    {
      title: "Scores",
      items: comparisons.flatMap((comparison) => {
        const shown = [intervalTable(comparison), armComparison(comparison)];
        return (comparison.metric === "dice" ? [...shown, organBars(comparison)] : shown).map((one) =>
          item(one, all)
        );
      }),
    },
    {
      title: "Differences",
      items: comparisons.flatMap((comparison) =>
        [armDifferences(comparison), differenceTable(comparison)].map((shown) => item(shown, all))
      ),
    },
    ...claims.length === 0 ? [] : [{
      title: "Claims",
      items: [claimFigure(claims), claimTable(claims)].map((shown) =>
        item(shown, claims.flatMap(({ arms }) => arms.flatMap(({ runs }) => runs)))
      ),
    }],
    {
      title: "Cases",
      items: [
        ...comparisons.map(({ metric }) => item(organBoxes(scores, { metric }), all)),
        ...comparisons.map(({ metric }) => worstCaseItem(metric)),
      ],
    },
    {
      title: "Training",
      text: [
        trained.length > 0
          ? "Curves: of each arm the run of its first seed."
          : "None of the arms was trained here.",
      ],
      items: trained.length > 0
        ? [
          item(armCurves(curves), trained.map(({ run }) => run)),
          item(convergenceTable(histories), all),
          item(gradientTable(histories), all),
        ]
        : [],
    },
    {
      title: "Pseudo labels",
      items: [
        item(pseudoLabelTable(pseudo, { organs }), all),
        item(pseudoFilterTable(pseudo), all),
        item(
          pseudoLabelQuality(pseudo[first.name]!, {
            organs,
            title: `Pseudo labels of ${first.name}`,
          }),
          first.runs,
        ),
      ],
    },
    { title: "Postprocessing", items: [item(postprocessingTable(decisions), all)] },
    { title: "Runs", items: [item(runTable(arms), all)] },
  ];

  function worstCaseItem(metric: Metric): PageItem {
    const worst = worstCases(scores, { of: first.name, metric });
    return item(worstCaseTable(worst, { caption: `${worstTitle(metric)} of ${first.name}` }), all);
  }
}

/** A row a run: what it is, when and where it ran, what it cost. */
function runTable(arms: readonly Arm[]): Table {
  const folded = arms.some(({ runs }) => runs.some(({ record }) => record.fold));
  return table(
    arms.flatMap(({ name, runs }) =>
      runs.map(({ name: run, record }) => ({
        arm: name,
        seed: record.seed,
        ...folded && { fold: record.fold && foldText(record.fold) },
        run,
        ended: record.attempts.at(-1)?.ended?.slice(0, 16).replace("T", " "),
        minutes: (secondsOf(record) / 60).toFixed(1),
        passes: passesOf(record.stages),
        "stages taken over":
          takenOver(record).map(({ name, computedBy }) => `${name} (${computedBy})`).join(", ") || "none",
        processor: record.machine.processor,
        threads: record.machine.threads,
        "method version": record.methodVersion,
        commit: record.git && `${record.git.commit.slice(0, 7)}${record.git.modified ? " (modified)" : ""}`,
      }))
    ),
    {
      caption: "Finished runs",
      notes: [
        "Minutes: of the run itself; a stage that it took over from another run, in brackets, took none.",
        "Passes: forward and backward ones of a network over a patch, of all its networks in all its training, whoever did it; one that only goes " +
        "forward counts as a third. Where they are equal, arms had equal budgets.",
      ],
    },
  );
}

/** Of training, all stages together; undefined where one of them was recorded before they were counted. */
function passesOf(stages: readonly RunStage[]): number | undefined {
  const sum = stages.reduce((sum, { passes = NaN }) => sum + passes, 0);
  return Number.isNaN(sum) || stages.length === 0 ? undefined : Math.round(sum);
}
