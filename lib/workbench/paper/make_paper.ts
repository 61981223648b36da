/**
 * Makes a paper's tables and figures from runs.
 *
 * @module
 */
import { join } from "@std/path";
import { type Arm, armWarnings, scoresByArm } from "../../comparison/arms.ts";
import { caseValues } from "../../comparison/case_values.ts";
import { compareArms, compareByAll } from "../../comparison/compare_arms.ts";
import { saveComparisons } from "../../comparison/comparison_file.ts";
import { metricsOf, type ScoreRow } from "../../metrics/score_row.ts";
import { armComparison, armDifferences } from "../../plots/arms/arm_comparison.ts";
import { ingredientTable } from "../../plots/arms/ingredient_table.ts";
import { paperTable } from "../../plots/arms/paper_table.ts";
import { joinedCases } from "../../plots/cases/joined_cases.ts";
import type { Figure } from "../../plots/figure.ts";
import { saveFigure } from "../../plots/save_figure.ts";
import { saveTable } from "../../plots/tables/save_table.ts";
import { unknownName } from "../../text/unknown_name.ts";
import { readFinishedArms } from "../find_arms.ts";
import { resultsName } from "../cohort_paths.ts";
import type { Paper, PaperFigure, PaperTable } from "./paper_file.ts";

export interface MadePart {
  name: string;
  files: string[];
  arms: readonly Arm[];
  /** What makes its runs unequal, in sentences. */
  warnings: string[];
}

export interface MakePaperOptions {
  /** Where the files go. */
  folder: string;
  /** Folder of all results. */
  results: string;
}

/** @throws {Error} A cohort has no results, or no arm of a name; nothing is written then. */
export async function makePaper(paper: Paper, { folder, results }: MakePaperOptions): Promise<MadePart[]> {
  const chosen = new Map<PaperTable | PaperFigure, Arm[]>(), problems: string[] = [];
  for (const part of [...paper.tables, ...paper.figures]) {
    const cohort = await resultsName(part.cohort, results);
    const there = await readFinishedArms(cohort, { results, told: part.cohort });
    const names = there.map(({ name }) => name);
    const unknown = Object.keys(part.arms).filter((name) => !names.includes(name));
    for (const name of unknown) {
      problems.push(`${part.name}: an arm of ${cohort} ${unknownName(name, names)}`);
    }
    if (unknown.length === 0) {
      chosen.set(
        part,
        Object.keys(part.arms).map((name) => there.find((arm) => arm.name === name)!),
      );
    }
  }
  if (problems.length > 0) {
    throw new Error(["Cannot make the paper:", ...problems.map((one) => `  - ${one}`)].join("\n"));
  }
  const made: MadePart[] = [];
  for (const part of paper.tables) made.push(await makeTable(part, { arms: chosen.get(part)!, folder }));
  for (const part of paper.figures) made.push(await makeFigure(part, { arms: chosen.get(part)!, folder }));
  return made;
}

/** Rows by the names that the paper has for arms and organs. */
function calledAsInPaper({ arms: names, organs }: PaperTable | PaperFigure, arms: readonly Arm[]) {
  const rows = scoresByArm(arms);
  return Object.fromEntries(
    Object.entries(names).map(([arm, title]) => [
      title,
      rows[arm]!.map((row): ScoreRow => ({
        ...row,
        organ: Object.hasOwn(organs, row.organ) ? organs[row.organ]! : row.organ,
      })),
    ]),
  );
}

interface Making {
  arms: readonly Arm[];
  folder: string;
}

async function makeTable(part: PaperTable, { arms, folder }: Making): Promise<MadePart> {
  const { name, caption, reference, bounds, metrics, ingredients } = part;
  const rows = calledAsInPaper(part, arms), titleOf = (arm: string) => part.arms[arm]!;
  const comparisons = compareByAll(rows, {
    metrics: metrics ?? metricsOf(rows),
    reference: reference === undefined ? "" : titleOf(reference),
  });
  const having = Object.fromEntries(
    Object.entries(ingredients ?? {}).map(([ingredient, arms]) => [ingredient, arms.map(titleOf)]),
  );
  const made = ingredients
    ? ingredientTable(comparisons, { caption, ingredients: having })
    : paperTable(comparisons, { caption, bounds: bounds.map(titleOf) });
  const warnings = armWarnings(arms);
  const { markdown, latex } = await saveTable(made, { folder, name });
  const csv = join(folder, `${name}.csv`);
  await saveComparisons(csv, comparisons);
  return { name, files: [markdown, latex, csv], arms, warnings };
}

async function makeFigure(part: PaperFigure, { arms, folder }: Making): Promise<MadePart> {
  const { name, reference, metric, organ } = part, rows = calledAsInPaper(part, arms);
  const comparison = compareArms(rows, {
    metric,
    reference: reference === undefined ? "" : part.arms[reference]!,
  });
  const shown = organ === undefined ? undefined : part.organs[organ] ?? organ;
  if (shown !== undefined && !comparison.organs.includes(shown)) {
    throw new Error(`Cannot make the figure ${name}: an organ ${unknownName(shown, comparison.organs)}`);
  }
  const figures: Record<PaperFigure["kind"], () => Figure> = {
    scores: () => armComparison(comparison),
    differences: () => armDifferences(comparison),
    cases: () => joinedCases(caseValues(rows, { metric, organ: shown }), comparison),
  };
  const { json, svg, png } = await saveFigure(figures[part.kind](), { folder, name });
  return { name, files: [json, svg, png], arms, warnings: armWarnings(arms) };
}
