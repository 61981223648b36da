/**
 * Twenty steps of each stage on a tiny study, with every term on: what the same parameters on the same data give.
 *
 *     deno run -A tests/support/training/trajectory.ts     writes tests/fixtures/trajectory.json anew
 */
import { completeTiny, makeTinyStudy } from "./tiny_study.ts";
import { memoryRecorder } from "./memory_recorder.ts";
import { engineVersion } from "../../../lib/training/engine_version.ts";
import { trainFullOrganModels, trainPartialOrganModels } from "../methods/stages.ts";

export interface Trajectory {
  engineVersion: number;
  /** Mean loss terms over ten steps, by "stage model step term". */
  losses: Record<string, number>;
}

export async function trajectory(folder: string): Promise<Trajectory> {
  const study = await makeTinyStudy(folder, [[1, 2], [3], [2, 4]]);
  const recorder = memoryRecorder();
  const options = { steps: 20, seed: 3, peersPerStep: 1 };
  const partial = await trainPartialOrganModels(study, recorder, options);
  const full = await trainFullOrganModels(study, recorder, {
    ...options,
    completed: await completeTiny(folder, study),
    klWeight: 0.1,
    pseudoWeight: 0.5,
    // Who is better hangs on a voxel: so everyone is taught.
    teacherErrors: -1000,
  });
  for (const { model } of [...partial, ...full.models]) model.dispose();
  const losses = recorder.history.flatMap(({ stage, model, step, terms }) =>
    // Scores are counts of voxels: they jump where losses hardly move. Norms of gradients are measured, and change nothing.
    Object.entries(terms).filter(([term]) => !/^(validation|gradient)/.test(term))
      .map(([term, value]) => [`${stage} ${model} ${step} ${term}`, value])
  );
  recorder.dispose();
  return { engineVersion, losses: Object.fromEntries(losses) };
}

if (import.meta.main) {
  const folder = await Deno.makeTempDir();
  const text = JSON.stringify(await trajectory(folder), null, 2) + "\n";
  await Deno.writeTextFile(new URL("../../fixtures/trajectory.json", import.meta.url), text);
  await Deno.remove(folder, { recursive: true });
}
