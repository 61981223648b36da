/**
 * Patches of a cohort's first dataset, from a number of workers, with nothing else to do. Its output are the seconds of a
 * patch.
 *
 * deno run -A workers.ts <cohort> <workers>, with the data in CONSILIUM_DATA
 *
 * @module
 */
import { serveContestant } from "../../harness/serve_contestant.ts";
import { programArguments } from "../program_arguments.ts";
import { loadStudy } from "../../../lib/workbench/load_study.ts";
import { openPatchStream, type PatchStream } from "../../../lib/data/patches/patch_stream.ts";

const MEASURED = 100;

let stream: PatchStream;
await serveContestant(async () => {
  const [cohort, count] = programArguments(["cohort", "workers"]);
  const workers = Number(count);
  const { datasets, patch, preprocessing } = await loadStudy(cohort);
  const { training, organs } = datasets[0]!;
  stream = openPatchStream(training, {
    seed: 1,
    stream: "growth",
    patch,
    batchSize: 1,
    spacing: preprocessing.spacingMm,
    shownOrgans: organs,
    workers,
  });
  return async () => {
    // What was made ahead of the question.
    for (let i = 0; i <= workers; i++) await stream.next();
    const start = performance.now();
    for (let i = 0; i < MEASURED; i++) await stream.next();
    return [(performance.now() - start) / 1000 / MEASURED];
  };
});
// Its workers would keep the process alive.
stream!.close();
