/**
 * The rows that a choice is about, by the group in which they stand.
 *
 * @module
 */
import type { ScoreRow } from "../metrics/score_row.ts";
import type { Choice } from "./choice.ts";
import type { ExploredArm, ExploreData } from "./explore_data.ts";

export interface ChosenRows {
  /** As compareArms takes them; groups without a row are left out. */
  rows: Record<string, ScoreRow[]>;
  /** Sentences on groups of several arms. */
  notes: string[];
}

/** A seed as a choice names it. */
export const seedText = (seed: number | undefined): string => seed === undefined ? "–" : String(seed);

/** The group of an arm: itself, or the value of the parameter by which arms are grouped. */
export function groupOf({ name, parameters }: ExploredArm, group: string | undefined): string {
  return group === undefined ? name : `${group} = ${parameters[group] ?? "–"}`;
}

/**
 * Where a group has several arms, runs of each count as runs with seeds of their own: a mean over seeds is then one over arms and seeds.
 *
 * @param rowsOf the decoded rows of an arm
 */
export function chosenRows(
  { arms }: Pick<ExploreData, "arms">,
  choice: Choice,
  { rowsOf }: { rowsOf: (arm: ExploredArm) => readonly ScoreRow[] },
): ChosenRows {
  const has = (list: readonly string[] | undefined, one: string) => list === undefined || list.includes(one);
  const chosen = arms.filter(({ name }) => has(choice.arms, name));
  const rows: [group: string, rows: ScoreRow[]][] = [], notes: string[] = [];
  for (const [group, members] of Map.groupBy(chosen, (arm) => groupOf(arm, choice.group))) {
    const own = members.map((arm) =>
      rowsOf(arm).filter((row) =>
        has(choice.seeds, seedText(row.seed)) && has(choice.datasets, row.dataset) &&
        has(choice.organs, row.organ)
      )
    );
    if (own.flat().length === 0) continue;
    if (members.length > 1) {
      notes.push(
        `${group} is of ${members.length} arms together: ${members.map(({ name }) => name).join(", ")}.`,
      );
    }
    rows.push([group, members.length === 1 ? own[0]! : withOwnSeeds(own)]);
  }
  return { rows: Object.fromEntries(rows), notes };
}

function withOwnSeeds(arms: readonly (readonly ScoreRow[])[]): ScoreRow[] {
  const seeds = new Map<string, number>();
  return arms.flatMap((rows, arm) =>
    rows.map((row) => {
      const key = `${arm} ${row.seed}`;
      if (!seeds.has(key)) seeds.set(key, seeds.size + 1);
      return { ...row, seed: seeds.get(key)! };
    })
  );
}
