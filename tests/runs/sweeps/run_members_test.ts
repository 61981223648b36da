import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { readRunRecord } from "../../../lib/runs/folder/run_record.ts";
import { readExperiment } from "../../../lib/runs/notebooks/experiment_notebook.ts";
import { runMembers } from "../../../lib/runs/sweeps/run_members.ts";
import { eventually } from "../../support/eventually.ts";
import { holdAt } from "../../support/runs/fake_training.ts";
import { writeToyNotebook } from "../../support/runs/toy_notebook.ts";
import { withFolder } from "../../support/runs/with_folder.ts";
import {
  runToySweep,
  toyMembers,
  toyNotebook,
  writeSweepNotebook,
} from "../../support/runs/sweeps/toy_sweep.ts";

const recordOf = async (folder: string, seed: number) =>
  (await readRunRecord(join(folder, `results/toy/toy/${seed === 1 ? "default" : `seed_${seed}`}/v001`)))!;

Deno.test("when a member fails the others go on; the end says which and where its notebook is", () =>
  withFolder(async (folder) => {
    await writeSweepNotebook(folder);
    const { ends, said } = await runToySweep(folder, [13, 2]);
    assertEquals(said, ["seed 13 failed", "seed 2 finished"]);
    const { failure, folder: kept } = ends[0]!.result!;
    assertEquals([failure!.message, kept.path], [
      "unlucky",
      join(folder, "results/toy/toy/seed_13/v001.partial"),
    ]);
  }));

Deno.test("a member that cannot start has failed, too, and the others go on", () =>
  withFolder(async (folder) => {
    await writeSweepNotebook(folder);
    const members = toyMembers(folder, { seeds: [1, 2], notebook: await toyNotebook(folder) });
    members[0]!.source.cohort = "no/name";
    const watched: string[] = [];
    const ends = await runMembers(members, {
      watch: ({ label }) => ({ onFolder: ({ name }) => watched.push(`${label} ${name}`), onEvent: () => {} }),
      onBusy: () => {},
      onEnd: ({ status }) => watched.push(status),
    });
    assertEquals(watched, ["failed", "seed 2 toy/toy/seed_2/v001", "finished"]);
    assert(ends[0]!.error!.message.startsWith("Cannot start toy: parameter cohort must be"));
  }));

Deno.test("stopped, the members that run keep a checkpoint and no other one begins; the same sweep goes on", () =>
  withFolder(async (folder) => {
    await writeSweepNotebook(folder);
    await holdAt("first 10", join(folder, "results"));
    const stop = new AbortController();
    const running = new Set<string>();
    const first = await runToySweep(folder, [1, 2, 3], {
      jobs: 2,
      stop: stop.signal,
      onEvent(label, event) {
        if (event.kind === "progress" && event.progress.step > 1) running.add(label);
        if (running.size === 2) stop.abort();
      },
    });
    assertEquals(first.said.toSorted(), ["seed 1 stopped", "seed 2 stopped"]);
    await holdAt("", join(folder, "results"));
    const again = await runToySweep(folder, [1, 2, 3], { jobs: 2 });
    assertEquals(again.said.toSorted(), ["seed 1 finished", "seed 2 finished", "seed 3 finished"]);
    for (const [seed, attempts] of [[1, 2], [2, 2], [3, 1]] as const) {
      assertEquals((await recordOf(folder, seed)).attempts.length, attempts);
    }
    const { ends } = await runToySweep(folder, [1, 2, 3]);
    assertEquals(ends.map(({ result }) => result!.folder.origin), ["finished", "finished", "finished"]);
  }));

Deno.test("a member that does not heed the stop is ended at once by the kill", () =>
  withFolder(async (folder) => {
    const asleep = join(folder, "asleep");
    const last = `await Deno.writeTextFile(${JSON.stringify(asleep)}, "");
await new Promise((done) => setTimeout(done, 3600_000));`;
    await writeToyNotebook(join(folder, "toy.ipynb"), join(folder, "results"), { last });
    const [stop, kill] = [new AbortController(), new AbortController()];
    const running = runMembers(toyMembers(folder, { seeds: [1, 2], notebook: await toyNotebook(folder) }), {
      stop: stop.signal,
      kill: kill.signal,
      watch: () => ({ onFolder: () => {}, onEvent: () => {} }),
      onBusy: () => {},
      onEnd: () => {},
    });
    await eventually(() => Deno.stat(asleep), { ended: running.then(() => "all members") });
    stop.abort();
    setTimeout(() => kill.abort(), 1000);
    const ends = await running;
    assertEquals(ends.map(({ member, status }) => `${member.label} ${status}`), ["seed 1 stopped"]);
  }));

Deno.test("at most so many members at once", () =>
  withFolder(async (folder) => {
    await writeSweepNotebook(folder, 5);
    let [running, most] = [0, 0];
    await runMembers(toyMembers(folder, { seeds: [1, 2, 3], notebook: await toyNotebook(folder) }), {
      jobs: 2,
      watch: () => ({ onFolder: () => most = Math.max(most, ++running), onEvent: () => {} }),
      onBusy: () => {},
      onEnd: () => running--,
    });
    assertEquals([most, running], [2, 0]);
  }));

Deno.test("two sweeps at once share the members: each is computed once, and both end when all are finished", () =>
  withFolder(async (folder) => {
    await writeSweepNotebook(folder, 5);
    const seeds = [1, 2, 3];
    const sweeps = [1, 2].map((jobs) =>
      new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "-A",
          "--no-check",
          new URL("../../support/runs/sweeps/toy_sweep.ts", import.meta.url).pathname,
          folder,
          `${jobs}`,
          ...seeds.map(String),
        ],
        stdout: "piped",
      }).output()
    );
    const texts = (await Promise.all(sweeps)).map(({ stdout }) =>
      new TextDecoder().decode(stdout).trim().split("\n")
    );
    for (const lines of texts) {
      assertEquals(
        lines.map((line) => line.replace(/ \w+$/, "")).toSorted(),
        seeds.map((seed) => `seed ${seed} finished`),
      );
    }
    assertEquals(texts.flat().filter((line) => line.endsWith(" here")).length, 3, texts.join("\n"));
    for (const seed of seeds) assertEquals((await recordOf(folder, seed)).attempts.length, 1);
  }));

Deno.test("members side by side compute the stages they have in common once", () =>
  withFolder(async (folder) => {
    const experiments = ["one", "two", "three"];
    const members = await Promise.all(experiments.map(async (experiment) => {
      const path = join(folder, `${experiment}.ipynb`);
      await writeToyNotebook(path, join(folder, "results"), { experiment, milliseconds: 5 });
      const notebook = await readExperiment(experiment, path);
      const [member] = toyMembers(folder, { seeds: [2], notebook });
      return { ...member!, experiment, label: experiment };
    }));
    const ends = await runMembers(members, {
      jobs: 3,
      watch: () => ({ onFolder: () => {}, onEvent: () => {} }),
      onBusy: () => {},
      onEnd: () => {},
    });
    assertEquals(ends.map(({ status }) => status), ["finished", "finished", "finished"]);
    const stages = ends.flatMap(({ result }) => result!.folder.record.stages);
    assertEquals(stages.filter(({ reused }) => !reused).map(({ name }) => name).toSorted(), [
      "first",
      "second",
    ]);
    assertEquals(stages.length, 6);
  }));

Deno.test("members that run at once are dealt the environments, such as a GPU each", () =>
  withFolder(async (folder) => {
    const seen = JSON.stringify(join(folder, "seen"));
    const last = `Deno.writeTextFileSync(${seen}, Deno.env.get("CONSILIUM_GPU") + "\\n", { append: true });`;
    await writeToyNotebook(join(folder, "toy.ipynb"), join(folder, "results"), { last });
    await runMembers(toyMembers(folder, { seeds: [1, 2], notebook: await toyNotebook(folder) }), {
      jobs: 2,
      environments: [{ CONSILIUM_GPU: "0" }, { CONSILIUM_GPU: "1" }],
      watch: () => ({ onFolder: () => {}, onEvent: () => {} }),
      onBusy: () => {},
      onEnd: () => {},
    });
    assertEquals((await Deno.readTextFile(join(folder, "seen"))).trim().split("\n").sort(), ["0", "1"]);
  }));
