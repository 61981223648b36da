/** Networks that share one projection of their features. */
import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import type { PreparedStudy } from "../../lib/data/store/prepared_study.ts";
import { trainPlan } from "../../lib/training/train.ts";
import { streamOfEachDataset } from "../../lib/methods/shared/streams.ts";
import { tensorCount } from "../support/models/tensor_count.ts";
import { type MemoryRecorder, memoryRecorder } from "../support/training/memory_recorder.ts";
import { killedAt, lessonOf, trainTinyPlan, withTinyStudy } from "../support/training/tiny_plan.ts";

const projected = (study: PreparedStudy): PreparedStudy => ({
  ...study,
  network: { ...study.network, projection: 3 },
});

async function projections(
  study: PreparedStudy,
  recorder: MemoryRecorder,
  shared: boolean,
): Promise<number[][]> {
  const { validation } = study.datasets[0]!;
  const network = { organs: [1], validation };
  const { models } = await trainPlan(study, recorder, {
    stage: "team",
    identity: {},
    seed: 1,
    steps: 4,
    learningRate: 0.01,
    rampUp: 0,
    checkpointSeconds: 0,
    plan: {
      networks: { n: network, m: { ...network, seed: 1, ...shared && { projectionOf: "n" } } },
      streams: streamOfEachDataset(study),
      objective: () => ({ rounds: () => [lessonOf("n", "m")] }),
    },
  });
  const found = models.map(({ model }) => [...model.weights["unet_projection/kernel"]!.dataSync()]);
  models.forEach(({ model }) => model.dispose());
  return found;
}

Deno.test("a team's projection is one: what each learns of it, all have; so it is after a kill, and no tensor is left", () =>
  withTinyStudy(async (plain) => {
    const study = projected(plain);
    // Each keeps its best checkpoint: of one step, that of the same one.
    const alike = { ...study, datasets: study.datasets.map((one) => ({ ...one, validation: [] })) };
    const [n, m] = await projections(alike, memoryRecorder(), true);
    assertEquals(n, m);
    const [a, b] = await projections(alike, memoryRecorder(), false);
    assertNotEquals(a, b);
    assertNotEquals(n, a, "the other one's gradient counts, too");
    const before = tensorCount();
    const recorder = killedAt(3);
    await assertRejects(() => projections(alike, recorder, true), Error, "killed");
    recorder.restart();
    assertEquals(await projections(alike, recorder, true), [n, m]);
    recorder.dispose();
    assertEquals(tensorCount(), before);
  }));

Deno.test("a projection that is not there, or comes later, is refused when the stage begins; the identity holds whose it is", () =>
  withTinyStudy(async (plain) => {
    const networks = { n: {}, m: { projectionOf: "n" } };
    await assertRejects(
      () => trainTinyPlan(plain, { networks }),
      Error,
      "Cannot share a projection: the cohort's network must have one (network.projection), there is none",
    );
    await assertRejects(
      () => trainTinyPlan(projected(plain), { networks: { n: { projectionOf: "m" }, m: {} } }),
      Error,
      "Cannot train: n must share the projection of a network before it (none), current value is m",
    );
    const behind = { networks: { ...networks, t: { role: { follows: "m", decay: 0.9 } } } };
    await assertRejects(
      () => trainTinyPlan(projected(plain), behind),
      Error,
      "Cannot train: no network may follow one that shares another's projection, there is t → m",
    );
    const roundsOf = () => () => [lessonOf("n", "m")];
    const [shared, own] = [
      await trainTinyPlan(projected(plain), { networks, roundsOf }),
      await trainTinyPlan(projected(plain), { networks: { n: {}, m: {} }, roundsOf }),
    ];
    assertNotEquals(shared.inputs, own.inputs);
  }));
