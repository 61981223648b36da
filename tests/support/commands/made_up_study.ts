/** Studies on disk for tests of what is printed of them. */
import { join } from "@std/path";
import type { ScoreRow } from "../../../lib/metrics/score_row.ts";
import { openRun } from "../../../lib/runs/open_run.ts";
import { fakeOptions } from "../runs/fake_training.ts";

const CASES = 5;

/**
 * Two arms of three seeds in the cohort `toy`. Which scores are undefined and which organs are missed depends on the seed, so
 * that a mean over runs of their means is another number than the mean over cases of their means over seeds.
 */
export async function madeUpStudy(results: string): Promise<void> {
  for (const [arm, experiment] of ["mutual", "pooled"].entries()) {
    for (const seed of [1, 2, 3]) {
      const run = await openRun(experiment, { cohort: "toy", seed }, fakeOptions(results));
      await run.finish(
        Array.from(
          { length: CASES },
          (_, index) => ["Liver", "Spleen", "Duct"].map((organ) => scoreOf(organ, { arm, seed, index })),
        ).flat(),
      );
    }
  }
}

interface Place {
  arm: number;
  seed: number;
  index: number;
}

function scoreOf(organ: string, { arm, seed, index }: Place): ScoreRow {
  const names = { case: `case_${index}`, dataset: "full", organ, nsdToleranceMm: 2 };
  // In no truth; some seeds predict none of it, others do.
  if (organ === "Liver" && index === 4 && seed < 3) {
    return { ...names, dice: NaN, nsd: NaN, hd95: NaN, assd: NaN };
  }
  const missed = organ === "Duct" ? index < 2 + arm : organ === "Spleen" && index === seed && arm === 1;
  if (missed || (organ === "Liver" && index === 4)) {
    return { ...names, dice: 0, nsd: 0, hd95: Infinity, assd: Infinity };
  }
  const dice = 0.7123 - 0.0317 * arm + 0.0411 * index + 0.0137 * seed * (index % 2);
  return { ...names, dice, nsd: dice + 0.0519, hd95: 9.37 - 8 * dice + index, assd: 3.031 - 3 * dice };
}

/** Copies a cohort's runs: records and tables, no pictures. */
export async function copyRuns(from: string, to: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory && !["report", "figures", "tables", "stages", "weights", "predictions"].includes(name)) {
      await copyRuns(join(from, name), join(to, name));
    } else if (/\.(json|csv)$/.test(name)) {
      await Deno.mkdir(to, { recursive: true });
      await Deno.copyFile(join(from, name), join(to, name));
    }
  }
}
