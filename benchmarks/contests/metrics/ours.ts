/**
 * Our scores of the scans of benchmark.ts: deno run -A ours.ts <folder>
 *
 * @module
 */
import { join } from "@std/path";
import { serveContestant } from "../../harness/serve_contestant.ts";
import { scoreCase } from "../../../lib/metrics/score_case.ts";
import type { ScoredScans } from "./benchmark.ts";

const [folder] = Deno.args;

await serveContestant(async () => {
  const { scans, shape, organs, toleranceMm }: ScoredScans = JSON.parse(
    await Deno.readTextFile(join(folder, "scans.json")),
  );
  const read = (name: string) => Deno.readFile(join(folder, name));
  const maps = await Promise.all(scans.map(async ({ prediction, truth, spacing }) => ({
    prediction: await read(prediction),
    truth: await read(truth),
    spacing,
  })));
  const tolerancesMm = Object.fromEntries(organs.map((organ) => [organ, toleranceMm]));
  return () =>
    maps.flatMap(({ prediction, truth, spacing }) => {
      const scores = scoreCase(prediction, truth, { shape, spacing, labelSet: organs, tolerancesMm });
      return organs.flatMap((organ) => {
        const { dice, hd95, assd, nsd } = scores.get(organ)!;
        return [dice, hd95, assd, nsd];
      });
    });
});
