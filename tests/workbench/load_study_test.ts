import { assert, assertThrows } from "@std/assert";
import { isAsLoaded, type LoadedStudy, loadStudy } from "../../lib/workbench/load_study.ts";
import { requireStudy } from "../../lib/workbench/session/require_study.ts";
import type { Run } from "../../lib/runs/open_run.ts";
import { tinyCohort } from "../support/experiments/tiny_task.ts";

Deno.test("a study that was changed since it was loaded is not the run's, copy or not", async () => {
  const study = await loadStudy(tinyCohort);
  const run = { name: "tiny/mutual/default/v001", parameters: {}, record: { dataHash: study.data.hash } };
  const check = (study: LoadedStudy) => requireStudy("evaluate", { study, run: run as unknown as Run });
  check(study);
  check({ ...study }); // an equal copy
  const [first, ...others] = study.datasets;
  const changed: Record<string, LoadedStudy> = {
    "other steps": { ...study, training: { ...study.training, partialOrganSteps: 1 } },
    "another patch": { ...study, patch: [8, 8, 8] },
    "fewer cases": { ...study, datasets: [{ ...first!, training: first!.training.slice(1) }, ...others] },
    "fewer test cases": { ...study, test: study.test.slice(1) },
    "another precision": { ...study, network: { ...study.network, precision: "bfloat16" } },
  };
  for (const [name, other] of Object.entries(changed)) {
    assertThrows(() => check(other), Error, "Cannot evaluate: the study in this cell was changed", name);
  }
  Object.assign(study.training, { learningRate: 1 }); // in place
  assert(!isAsLoaded(study));
});
