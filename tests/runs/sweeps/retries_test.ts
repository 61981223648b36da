/** Members that are tried again, and those that are not. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { readRunRecord } from "../../../lib/runs/folder/run_record.ts";
import { runMembers } from "../../../lib/runs/sweeps/run_members.ts";
import { writeToyNotebook } from "../../support/runs/toy_notebook.ts";
import { toyMembers, toyNotebook } from "../../support/runs/sweeps/toy_sweep.ts";
import { withFolder } from "../../support/runs/with_folder.ts";

/** Runs members whose notebooks end with the cell, which may count its `tries` of the member. */
async function tried(folder: string, { cell, seeds = [1], retries }: {
  cell: string;
  seeds?: number[];
  retries?: number;
}) {
  const last = `const file = ${JSON.stringify(folder)} + "/tries_" + seed;
await Deno.writeTextFile(file, "x", { append: true });
const tries = (await Deno.readTextFile(file)).length;
${cell}`;
  await writeToyNotebook(join(folder, "toy.ipynb"), join(folder, "results"), { last });
  const said: string[] = [];
  const ends = await runMembers(toyMembers(folder, { seeds, notebook: await toyNotebook(folder) }), {
    retries,
    watch: () => ({ onFolder: () => {}, onEvent: () => {} }),
    onBusy: () => {},
    onCrash: ({ member }, retry) => said.push(`${member.label} crashed, retry ${retry}`),
    onEnd: ({ member, status }) => said.push(`${member.label} ${status}`),
  });
  return { said, failure: ends[0]!.result!.failure };
}

const killed = `if (seed === 1 && tries <= 2) {
  Deno.kill(Deno.pid, "SIGKILL");
  await new Promise(() => {});
}`;

Deno.test("a kernel that is killed twice finishes at the second retry, after the others had their turn", () =>
  withFolder(async (folder) => {
    const { said } = await tried(folder, { cell: killed, seeds: [1, 2], retries: 2 });
    assertEquals(said, [
      "seed 1 crashed, retry 1",
      "seed 2 finished",
      "seed 1 crashed, retry 2",
      "seed 1 finished",
    ]);
    const { attempts } = (await readRunRecord(join(folder, "results/toy/toy/default/v001")))!;
    assertEquals(attempts.map(({ status }) => status), ["failed", "failed", "finished"]);
  }));

for (const [retries, said] of [[undefined, []], [1, ["seed 1 crashed, retry 1"]]] as const) {
  Deno.test(`it has failed when ${retries ?? "no"} retries are over`, () =>
    withFolder(async (folder) => {
      const end = await tried(folder, { cell: killed, retries: retries! });
      assertEquals(end.said, [...said, "seed 1 failed"]);
      assertEquals(end.failure!.crashed, true);
    }));
}

Deno.test("papermill that is killed has crashed, too", () =>
  withFolder(async (folder) => {
    const cell = `if (tries === 1) {
  Deno.kill(Deno.ppid, "SIGKILL");
  await new Promise(() => {});
}`;
    const { said } = await tried(folder, { cell, retries: 1 });
    assertEquals(said, ["seed 1 crashed, retry 1", "seed 1 finished"]);
  }));

for (
  const error of [
    'new Error("Cannot train model a: its losses must be finite, own is NaN in step 3")',
    'Object.assign(new Error("Kernel died"), { name: "DeadKernelError" })',
  ]
) {
  Deno.test(`an error is no crash, and is not tried again: ${error}`, () =>
    withFolder(async (folder) => {
      const { said, failure } = await tried(folder, { cell: `throw ${error};`, retries: 3 });
      assertEquals(said, ["seed 1 failed"]);
      assertEquals(failure!.crashed, false);
    }));
}
