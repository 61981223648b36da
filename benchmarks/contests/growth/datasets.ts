/**
 * One step each of several stages. Its output are their seconds.
 *
 * deno run -A datasets.ts '<list of SyntheticStageOptions as JSON>'
 *
 * @module
 */
import { serveContestant } from "../../harness/serve_contestant.ts";
import { programArguments } from "../program_arguments.ts";
import type { SteppedStage } from "../stepped_stage.ts";
import { syntheticStage, type SyntheticStageOptions } from "../synthetic_stage.ts";

await serveContestant(async () => {
  const [list] = programArguments(["list of SyntheticStageOptions as JSON"]);
  const stages: SteppedStage[] = [];
  for (const options of JSON.parse(list) as SyntheticStageOptions[]) {
    stages.push(await syntheticStage(options));
  }
  return async () => {
    const seconds: number[] = [];
    for (const stage of stages) seconds.push(await stage.step());
    return seconds;
  };
});
