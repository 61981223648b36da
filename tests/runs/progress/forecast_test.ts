import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Forecast, Pace } from "../../../lib/runs/progress/forecast.ts";
import { simulate, type SimulatedStage, type Simulation } from "../../support/runs/simulated_run.ts";

const work = (kind: string, count: number, passes: number) => ({ kind, count, passes, done: 0 });

/** `mutual` on the phantom, as planned there; what its pieces took on two cores with much other work. */
const phantom: SimulatedStage[] = [
  {
    stage: "partial_organ",
    work: [work("training", 120, 36), work("validation", 54, 8)],
    seconds: { training: 1.33, validation: 0.33 },
    validateEvery: 20,
  },
  {
    stage: "pseudo_labels",
    work: [work("survey", 36, 6.33), work("completion", 36, 42)],
    seconds: { survey: 0.27, completion: 1.47 },
  },
  {
    stage: "full_organ",
    work: [work("training", 120, 36), work("validation", 162, 8)],
    seconds: { training: 1.47, validation: 0.33 },
    validateEvery: 20,
  },
  { stage: "test", work: [work("test", 9, 20)], seconds: { test: 0.65 } },
  { stage: "figures", work: [work("figure", 5, 1)], seconds: { figure: 2.6 } },
];

/** `mutual` on hippocampus: seconds of the stages as in its committed run. */
const hippocampus: SimulatedStage[] = [
  {
    stage: "partial_organ",
    work: [work("training", 300, 16), work("validation", 69, 6.6)],
    seconds: { training: 0.45, validation: 0.2 },
    validateEvery: 100,
  },
  {
    stage: "pseudo_labels",
    work: [work("survey", 109, 3.7), work("completion", 109, 16.6)],
    seconds: { survey: 0.1, completion: 0.5 },
  },
  {
    stage: "full_organ",
    work: [work("training", 500, 16), work("validation", 230, 6.6)],
    seconds: { training: 0.48, validation: 0.19 },
    validateEvery: 100,
  },
  { stage: "test", work: [work("test", 50, 13.6)], seconds: { test: 0.3 } },
  { stage: "figures", work: [work("figure", 5, 1)], seconds: { figure: 0.8 } },
];

/** The largest factor between what is said and what is true, from the first tenth on; ten seconds are forgiven. */
function worstFactor({ glances, seconds }: Simulation): number {
  const judged = glances.map(({ at, left }) => ({ at, left, truth: seconds - at }))
    .filter(({ at, left, truth }) => at >= seconds / 10 && Math.abs(left - truth) > 10);
  return Math.max(1, ...judged.map(({ left, truth }) => Math.max(left / truth, truth / left)));
}

const changed = (stages: readonly SimulatedStage[], changes: Record<string, Partial<SimulatedStage>>) =>
  stages.map((stage) => ({ ...stage, ...changes[stage.stage] }));

/** Kinds the model is wrong about: a forward pass is cheaper, or scoring dearer, than it thinks. */
const dearer = (kinds: readonly string[]) => ({ seconds, ...stage }: SimulatedStage): SimulatedStage => ({
  ...stage,
  seconds: Object.fromEntries(
    Object.entries(seconds).map(([kind, value]) => [kind, kinds.includes(kind) ? 1.5 * value : value]),
  ),
});

for (
  const [what, stages] of [
    ["phantom", phantom],
    ["hippocampus", hippocampus],
    ["stage 1 taken from another run", changed(phantom, { partial_organ: { reused: true } })],
    ["resumed in stage 1", changed(phantom, { partial_organ: { from: 70 } })],
    [
      "resumed in stage 2",
      changed(phantom, {
        partial_organ: { reused: true },
        pseudo_labels: { reused: true },
        full_organ: { from: 60 },
      }),
    ],
    ["cases dearer by half than the model thinks", phantom.map(dearer(["validation", "completion", "test"]))],
    ["training dearer by half than the model thinks", phantom.map(dearer(["training"]))],
  ] as [string, SimulatedStage[]][]
) {
  Deno.test(`time left of the whole run is right within a factor of 1.5 after the first tenth: ${what}`, () => {
    const simulation = simulate(stages);
    assertEquals(simulation.forecast.secondsLeft, 0);
    const factor = worstFactor(simulation);
    assert(factor < 1.5, `it is ${factor.toFixed(2)}`);
  });
}

Deno.test("nothing is known before the first piece of work; the first is forgotten when there are others", () => {
  let now = 0;
  const forecast = new Forecast([{ stage: "a", work: [work("training", 10, 3)] }], { clock: () => now });
  const see = (seconds: number, step: number) => {
    now = seconds;
    forecast.see({ stage: "a", step, steps: 10 });
    return forecast.secondsLeft;
  };
  assertEquals(forecast.secondsLeft, NaN);
  assertEquals(see(5, 0), NaN);
  assertEquals(see(15, 1), 90, "ten seconds a step");
  assertEquals(see(17, 2), 16, "two, after the first one");
  now = 18;
  assertEquals(forecast.secondsLeft, 15, "a second of the step in progress is over");
  now = 30;
  assertEquals(forecast.secondsLeft, 14, "a step that takes longer shortens only itself");
  forecast.begin();
  assertEquals(see(1000, 3), 14, "a pause is nobody's work");
  forecast.end("a");
  assertEquals(forecast.secondsLeft, 0);
});

Deno.test("kinds not yet seen are judged by passes; another stage's equal kind comes first; what is seen, by itself", () => {
  const pace = new Pace();
  const seconds = (stage: string, kind: string) => pace.secondsOf(stage, work(kind, 1, 10));
  assertEquals(seconds("one", "training"), NaN);
  assertEquals(
    seconds("figures", "figure") > 0,
    true,
    "no network is asked: a constant until it is measured",
  );
  pace.add("one", "training", { seconds: 8, passes: 4 });
  assertEquals([seconds("one", "training"), seconds("two", "training"), seconds("one", "test")], [
    20,
    20,
    20,
  ]);
  pace.add("one", "validation", { seconds: 4, passes: 2 });
  pace.add("one", "validation", { seconds: 1, passes: 1 });
  assertEquals([seconds("one", "validation"), seconds("two", "validation")], [10, 10]);
  assertEquals(seconds("two", "test"), 10, "that of all kinds, but of no first pieces");
  pace.add("figures", "figure", { seconds: 9, passes: 1 });
  pace.add("figures", "figure", { seconds: 3, passes: 1 });
  assertEquals(seconds("figures", "figure"), 30);
  assertEquals(seconds("two", "test"), 10, "figures say nothing about networks");
});

Deno.test("several kinds told at once share the time by what is expected of them", () => {
  let now = 0;
  const pace = new Pace();
  const forecast = new Forecast([], { pace, clock: () => now });
  const see = (at: number, training: number, validation: number) => {
    now = at;
    forecast.see({
      stage: "a",
      step: training,
      steps: 9,
      work: [{ ...work("training", 9, 4), done: training }, {
        ...work("validation", 9, 1),
        done: validation,
      }],
    });
  };
  see(0, 0, 0);
  see(9, 2, 1); // 8 passes and 1
  assertEquals(pace.secondsOf("a", work("training", 1, 4)), 4);
  assertEquals(pace.secondsOf("a", work("validation", 1, 1)), 1);
});

Deno.test("work that nobody planned is counted from where it is first seen; a plan that is wrong is corrected", () => {
  let now = 0;
  const forecast = new Forecast([{ stage: "a", work: [work("training", 100, 1)] }], { clock: () => now });
  const see = (at: number, step: number, steps: number) => {
    now = at;
    forecast.see({ stage: "a", step, steps, work: [{ ...work("training", steps, 1), done: step }] });
  };
  see(0, 40, 50);
  see(20, 44, 50);
  assertEquals([forecast.secondsLeft, forecast.seconds], [30, 250]);
  forecast.see({ stage: "scans", step: 6, steps: 10 });
  now = 28;
  forecast.see({ stage: "scans", step: 8, steps: 10 });
  assertEquals(forecast.secondsLeft, 30 + 2 * 4);
});

Deno.test("a later run is judged by what an earlier one took", () => {
  const pace = new Pace();
  simulate(phantom, pace);
  const next = new Forecast(phantom, { pace });
  assertAlmostEquals(next.secondsLeft / simulate(phantom).seconds, 1, 0.1);
});

Deno.test("a machine that other programs have left is soon believed to be quick again", () => {
  const pace = new Pace();
  const took = (seconds: number, pieces: number) => {
    for (let i = 0; i < pieces; i++) pace.add("a", "training", { seconds, passes: 1 });
  };
  took(4, 30); // two minutes of a busy machine
  took(1, 120); // two minutes of a quiet one
  const seconds = pace.secondsOf("a", { kind: "training", passes: 1, count: 1, done: 0 });
  assert(seconds > 1 && seconds < 1.35, `${seconds} s`);
});
