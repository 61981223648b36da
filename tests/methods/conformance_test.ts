/** What every method of the registry must hold; a new one inherits all of it by its line there. */
import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import fixture from "../fixtures/trajectories.json" with { type: "json" };
import { createRandom, integer } from "../../lib/data/random.ts";
import type { Method } from "../../lib/methods/definition/method.ts";
import type { Parameter, ParameterValue } from "../../lib/methods/definition/parameter.ts";
import { planStage } from "../../lib/methods/definition/plan_stage.ts";
import { methods } from "../../lib/methods/registry.ts";
import { faultOf } from "../../lib/methods/definition/rules.ts";
import { inTemporaryFolder } from "../support/data/store/stored_cases.ts";
import { type LabelFiles, studyFromFiles } from "../support/training/study_from_files.ts";
import { memoryRecorder } from "../support/training/memory_recorder.ts";
import { tensorCount } from "../support/models/tensor_count.ts";
import {
  inTinyWorld,
  type MethodTrajectory,
  methodTrajectory,
  type TinyWorld,
  trainAll,
  versionsOf,
} from "../support/methods/conformance.ts";

/** As in tests/training/trajectory_test.ts, which says why. */
const TOLERANCE: Record<string, number> = { 10: 2e-6, 20: 4e-5 };

const stored: Record<string, MethodTrajectory> = fixture;

for (const method of methods) {
  const { name } = method;

  Deno.test(`${name}: its twenty-step trajectory is as stored, or a version rose`, () =>
    inTinyWorld(async (world) => {
      const how = `write it anew: deno run -A tests/support/methods/conformance.ts ${name}`;
      assert(name in stored, `there is no trajectory of ${name}; ${how}`);
      const { versions, losses } = stored[name]!;
      assertEquals(versions, versionsOf(method), `a version rose; ${how}`);
      const now = await methodTrajectory(method, world);
      assertEquals(Object.keys(now.losses), Object.keys(losses));
      for (const [key, value] of Object.entries(losses)) {
        const step = key.split(" ").at(-2)!;
        const apart = Math.abs(now.losses[key]! - value);
        assert(
          apart <= TOLERANCE[step]! * Math.max(1, Math.abs(value)),
          `${key} was ${value} and is ${now.losses[key]}: if that is meant, raise the version and ${how}`,
        );
      }
    }));

  Deno.test(`${name}: stopped or killed after any step, it ends with the same bits; no tensor is left`, () =>
    inTinyWorld(async (world) => {
      const whole = memoryRecorder();
      const wanted = await trainAll(method, world, { recorder: whole });
      whole.dispose();
      const before = tensorCount();
      for (const end of ["stop", "kill"] as const) {
        for (let at = 1; at <= 4; at++) {
          assertEquals(await interrupted(method, world, { at, end }), wanted, `${end} ${at}`);
        }
      }
      assertEquals(tensorCount(), before, "tensors are left");
    }));

  Deno.test(`${name}: workers change no bit`, () =>
    inTinyWorld(async (world) => {
      const train = async (workers: number) => {
        const recorder = memoryRecorder();
        const digests = await trainAll(method, world, { recorder, workers });
        recorder.dispose();
        return digests;
      };
      assertEquals(await train(2), await train(1));
    }));

  Deno.test(`${name}: poisoned hidden labels change no bit; shown ones do`, async () => {
    const random = createRandom("poison");
    const train = async (files: LabelFiles) => {
      let digests: string[] = [];
      await inTemporaryFolder(async (folder) => {
        const study = await studyFromFiles(folder, files);
        const recorder = memoryRecorder();
        const completed = study.datasets.map(({ training }) => training);
        digests = await trainAll(method, { study, completed }, { recorder, steps: 3 });
        recorder.dispose();
      });
      return digests;
    };
    const honest = await train({ hidden: () => 3 });
    assertEquals(await train({ hidden: () => integer(random, [3, 9]) }), honest);
    assertNotEquals(await train({ hidden: () => 3, shownShift: 1 }), honest, "shown labels do matter");
  });

  Deno.test(`${name}: moving a parameter changes a stage's identity exactly where it has an effect`, () =>
    inTinyWorld((world) => {
      const defaults = Object.fromEntries(
        Object.entries<Parameter>(method.parameters).map(([key, { default: value }]) => [key, value]),
      );
      // Beside the defaults, everything on and everything off.
      const settings = [
        defaults,
        ...Object.values(method.arms ?? {}).map(({ set }) => ({ ...defaults, ...set })),
      ];
      for (const values of settings as Record<string, ParameterValue>[]) {
        for (const [key, parameter] of Object.entries<Parameter>(method.parameters)) {
          const other = otherValue(parameter, values[key]!);
          for (const stage of Object.values(method.stages)) {
            const inputs = { completed: world.completed };
            const plan = (values: Record<string, ParameterValue>) => {
              const { used, settings } = planStage(world.study, stage, { values, inputs });
              return JSON.stringify([used, settings]);
            };
            const mine: readonly string[] = [...stage.stage.uses, "seed", "learningRate", stage.stage.steps];
            const when = stage.stage.when?.[key] ?? parameter.when;
            const all = { ...values, ...stage.fixed };
            const moves = mine.includes(key) && !(key in (stage.fixed ?? {})) &&
              ((when?.(all) ?? true) || (when?.({ ...all, [key]: other }) ?? true));
            const changed = plan(values) !== plan({ ...values, [key]: other });
            assertEquals(changed, moves, `${key} = ${other} in stage ${stage.stage.name}`);
          }
        }
      }
      return Promise.resolve();
    }));
}

Deno.test("parameters' defaults and arms keep their rules; names of experiments are unlike", () => {
  const names = methods.flatMap(({ name, arms = {} }) => [name, ...Object.keys(arms)]);
  assertEquals(new Set(names).size, names.length);
  for (const { name, parameters, arms = {} } of methods) {
    for (
      const values of [{}, ...Object.values(arms).map(({ set }) => set)] as Record<string, ParameterValue>[]
    ) {
      for (const [key, value] of Object.entries(values)) {
        assert(key in parameters, `${name}: ${key} = ${value}`);
      }
      for (const [key, { default: usual, rule }] of Object.entries<Parameter>(parameters)) {
        assertEquals(faultOf(values[key] ?? usual, rule), undefined, `${name}: ${key}`);
      }
    }
  }
});

Deno.test("the engine names no method, and a method is named in its file and the registry alone", async () => {
  const inEngine = ["training", "inference", "models", "losses", "tensors", "data", "metrics"];
  const names = methods.map(({ name }) => name).filter((name) => name !== "pooled" && name !== "mutual");
  for (const room of inEngine) {
    for await (const path of filesBelow(`lib/${room}`)) {
      const text = await Deno.readTextFile(path);
      for (const name of names) assert(!text.includes(name), `${path} names ${name}`);
      assert(!/from "[./]*\/methods\//.test(text), `${path} imports a method`);
    }
  }
});

async function* filesBelow(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* filesBelow(`${folder}/${name}`);
    else if (name.endsWith(".ts")) yield `${folder}/${name}`;
  }
}

interface Interruption {
  at: number;
  /** A stop saves the step first; a kill leaves what was saved before. */
  end: "stop" | "kill";
}

/** Trains with a stop or a crash after a step of every stage, and again until it ends. */
async function interrupted(method: Method, world: TinyWorld, { at, end }: Interruption): Promise<string[]> {
  const crashed = new Set<string>();
  const recorder = memoryRecorder({
    onProgress({ stage, step, activity }) {
      if (step !== at || activity !== undefined || crashed.has(stage)) return;
      crashed.add(stage);
      if (end === "stop") recorder.stop();
      else throw new Error("killed");
    },
  });
  const train = () => trainAll(method, world, { recorder, checkpointSeconds: end === "kill" ? 0 : 60 });
  for (const _ of Object.values(method.stages)) {
    await assertRejects(train);
    recorder.restart();
  }
  const digests = await train();
  recorder.dispose();
  return digests;
}

/** Another value that the rule allows. */
function otherValue({ rule }: Parameter, value: ParameterValue): ParameterValue {
  const candidates: ParameterValue[] = typeof value === "boolean"
    ? [!value]
    : typeof value === "string"
    ? [...rule.choices ?? [], `${value}x`]
    : [value + 1, value / 2, 0.3];
  return candidates.find((candidate) => candidate !== value && faultOf(candidate, rule) === undefined)!;
}
