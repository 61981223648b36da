/**
 * One step each of several stages. Its output are their seconds.
 *
 * deno run -A datasets.ts '<list of SyntheticStageOptions as JSON>'
 *
 * @module
 */
import { serveContestant } from "../../harness/serve_contestant.ts";
import type { SteppedStage } from "../stepped_stage.ts";
import { syntheticStage, type SyntheticStageOptions } from "../synthetic_stage.ts";

await serveContestant(async () => {
  const stages: SteppedStage[] = [];
  for (const options of JSON.parse(Deno.args[0]) as SyntheticStageOptions[]) {
    stages.push(await syntheticStage(options));
  }
  return async () => {
    const seconds: number[] = [];
    for (const stage of stages) seconds.push(await stage.step());
    return seconds;
  };
});
