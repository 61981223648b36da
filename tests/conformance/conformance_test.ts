/** What every method of the registry must hold; a new one inherits all of it by its line there. */
import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { createRandom, integer } from "../../lib/data/random.ts";
import type { Method } from "../../lib/methods/definition/method.ts";
import type { Parameter, ParameterValue } from "../../lib/methods/definition/parameter.ts";
import { distilled } from "../../lib/methods/shared/distilled.ts";
import { pooled } from "../../lib/methods/pooled.ts";
import { methods } from "../../lib/methods/registry.ts";
import { faultOf } from "../../lib/methods/definition/rules.ts";
import { inTemporaryFolder } from "../support/data/store/stored_cases.ts";
import { type LabelFiles, studyFromFiles } from "../support/training/study_from_files.ts";
import { memoryRecorder } from "../support/training/memory_recorder.ts";
import { tensorCount } from "../support/models/tensor_count.ts";
import {
  ambiguousStages,
  identityOf,
  inTinyWorld,
  namedIn,
  type TinyWorld,
  trainAll,
  withInputs,
} from "../support/methods/conformance.ts";
import { twoStages } from "../support/methods/two_stages.ts";

/** Distillation is one stage, whichever method has it. */
const distilling: Method = {
  ...pooled,
  name: "pooled, distilled",
  stages: { ...pooled.stages, distilled: { stage: distilled } },
} as unknown as Method;

for (const method of [...methods, twoStages, distilling]) {
  const { name } = method;

  Deno.test(`${name}: stopped or killed after a step, it ends with the same bits; no tensor is left`, () =>
    inTinyWorld(async (world) => {
      const whole = memoryRecorder();
      const wanted = await trainAll(method, world, { recorder: whole });
      whole.dispose();
      const before = tensorCount();
      // Every step of both ends is tests/training/training_loop_test.ts's.
      for (const [end, at] of [["kill", 1], ["stop", 2], ["kill", 3], ["stop", 4]] as const) {
        assertEquals(await interrupted(method, world, { at, end }), wanted, `${end} ${at}`);
      }
      assertEquals(tensorCount(), before, "tensors are left");
    }));

  if (method === distilling) continue;

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

  Deno.test(`${name}: a cohort's share of the foreground reaches what it learns from labels`, () =>
    inTinyWorld(async ({ study, completed }) => {
      const train = async (training: Partial<typeof study.training>) => {
        const recorder = memoryRecorder();
        const world = { study: { ...study, training: { ...study.training, ...training } }, completed };
        const digests = await trainAll(method, world, { recorder, steps: 2 });
        recorder.dispose();
        return digests.filter((digest) => !digest.includes(" remembers "));
      };
      const plain = await train({}), balanced = await train({ foregroundShare: 0.9 });
      plain.forEach((digest, i) => assertNotEquals(balanced[i], digest));
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
    inTinyWorld(async ({ study, completed }) => {
      const defaults = Object.fromEntries(
        Object.entries<Parameter>(method.parameters).map(([key, { default: value }]) => [key, value]),
      );
      // Beside the defaults, everything on and everything off.
      const settings = [
        defaults,
        ...Object.values(method.arms ?? {}).map(({ set }) => ({ ...defaults, ...set })),
        ..."distilSteps" in defaults ? [{ ...defaults, inference: "distilled" }] : [],
      ];
      for (const stage of Object.values(method.stages)) {
        await withInputs(method, stage, { study, completed }, async (inputs) => {
          for (const values of settings as Record<string, ParameterValue>[]) {
            if (stage.when?.(values) === false) continue;
            const mine: readonly string[] = [...stage.stage.uses, "seed", "learningRate", stage.stage.steps];
            const all = { ...values, ...stage.fixed };
            const identity = await identityOf(study, stage, { values, inputs });
            for (const [key, parameter] of Object.entries<Parameter>(method.parameters)) {
              const other = otherValue(parameter, values[key]!), moved = { ...values, [key]: other };
              const when = stage.stage.when?.[key] ?? parameter.when;
              const moves = mine.includes(key) && !(key in (stage.fixed ?? {})) &&
                ((when?.(all) ?? true) || (when?.({ ...all, [key]: other }) ?? true));
              const changed = await identityOf(study, stage, { values: moved, inputs }) !== identity;
              assertEquals(changed, moves, `${key} = ${other} in stage ${stage.stage.name}`);
            }
          }
        });
      }
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

Deno.test("stages of one name are one stage, whichever method has them", () => {
  assertEquals(ambiguousStages(methods), [], "a stage has the name of another: call it otherwise");
  const [own] = Object.values(twoStages.stages), { stage } = own!;
  // A copied method whose stage is still called as it was; the same stage of another version; the same stage.
  const copied = { stages: { other: { stage: { ...stage, plan: () => stage.plan({} as never, {}, {}) } } } };
  const raised = { stages: { other: { stage: { ...stage, version: 2 } } } };
  const same = { stages: { other: { stage: { ...stage }, fixed: { seed: 2 } } } };
  const renamed = { stages: { other: { stage: { ...stage, name: "other", version: 2 } } } };
  assertEquals([copied, raised, same, renamed].map((method) => ambiguousStages([twoStages, method])), [
    ["warm_up"],
    ["warm_up"],
    [],
    [],
  ]);
});

Deno.test("parameters fit into their notebooks: no word of its cells, a meaning of one line", async () => {
  const templates = await Array.fromAsync(Deno.readDir("experiments/templates"));
  const texts = await Promise.all(
    templates.map(({ name }) => Deno.readTextFile(`experiments/templates/${name}`)),
  );
  const declared = texts.flatMap((text) => [...text.matchAll(/^const (\w+|\{[^}]*\})/gm)])
    .flatMap(([, names]) => names!.match(/\w+/g)!);
  assert(declared.includes("study") && declared.includes("completed"));
  for (const { name, parameters } of methods) {
    for (const [key, { meaning }] of Object.entries<Parameter>(parameters)) {
      assert(!declared.includes(key), `${name}: ${key} is declared by cells`);
      assert(!meaning.includes("\n"), `${name}: ${key}`);
    }
  }
});

Deno.test("the engine names no method, and a method is named in its file and the registry alone", async () => {
  const inEngine = ["training", "inference", "models", "losses", "tensors", "data", "metrics"];
  const names = methods.map(({ name }) => name).filter((name) => name !== "pooled" && name !== "mutual");
  for (const room of inEngine) {
    for await (const path of filesBelow(`lib/${room}`)) {
      const text = await Deno.readTextFile(path);
      assertEquals(namedIn(text, names), [], `${path} names a method`);
      assert(!/from "[./]*\/methods\//.test(text), `${path} imports a method`);
    }
  }
});

Deno.test("a method's name within another word names no method", () => {
  assertEquals(namedIn("organs such as the bladder; ladder_steps", ["ladder"]), []);
  assertEquals(namedIn("as (ladder) has it, or `rope`", ["ladder", "rope"]), ["ladder", "rope"]);
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
      // Of a step as such: it may warn of what has learnt nothing yet.
      if (step !== at || /^(first batch|validating)/.test(activity ?? "") || crashed.has(stage)) return;
      crashed.add(stage);
      if (end === "stop") recorder.stop();
      else throw new Error("killed");
    },
  });
  const train = () => trainAll(method, world, { recorder, checkpointSeconds: end === "kill" ? 0 : 60 });
  const usual = Object.fromEntries(
    Object.entries<Parameter>(method.parameters).map(([name, { default: value }]) => [name, value]),
  );
  for (const _ of Object.values(method.stages).filter(({ when }) => when?.(usual) !== false)) {
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
