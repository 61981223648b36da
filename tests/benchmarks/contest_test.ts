import { assert, assertEquals, assertRejects } from "@std/assert";
import { contest } from "../../benchmarks/harness/contest.ts";
import { exists } from "../../lib/files/whole_folder.ts";
import { projectRoot } from "../../lib/setup/tool_paths.ts";
import { eventually } from "../support/eventually.ts";
import { isAlive } from "../support/processes.ts";
import { withFolder } from "../support/runs/with_folder.ts";

/** Answers with its round, and notes its turn in a file. */
function counting(name: string, { file, end = "" }: { file: string; end?: string }) {
  const script = `echo '{"ready":true}'; n=0
    while read -r _; do
      n=$((n + 1)); echo ${name}$n >> "${file}"; echo "{\\"seconds\\":0.$n,\\"output\\":[$n]}"
    done; ${end}`;
  return { name, command: ["/bin/sh", "-c", script] };
}

Deno.test("contestants take turns; warm-ups are not measured, but their outputs are kept", () =>
  withFolder(async (folder) => {
    const file = `${folder}/turns`;
    const rounds: string[] = [];
    const measured = await contest([counting("a", { file }), counting("b", { file })], {
      rounds: 2,
      warmUps: 1,
      onRound: (done, total) => rounds.push(`${done}/${total}`),
    });
    assertEquals(await Deno.readTextFile(file), "a1\nb1\na2\nb2\na3\nb3\n");
    assertEquals(rounds, ["1/3", "2/3", "3/3"]);
    assertEquals(measured.map(({ name }) => name), ["a", "b"]);
    for (const { seconds, outputs } of measured) {
      assertEquals(seconds, [0.2, 0.3]);
      assertEquals(outputs, [[1], [2], [3]]);
    }
  }));

Deno.test("memory is the highest of the measured rounds, not of a warm-up", async () => {
  // 400 MiB in the warm-up, which go back to the system, then 100 MiB in every round.
  const code = `
    import mmap, sys
    print('{"ready":true}', flush=True)
    size = 400
    for _ in sys.stdin:
        block = mmap.mmap(-1, size << 20)
        for place in range(0, size << 20, 4096): block[place] = 1
        block.close()
        size = 100
        print('{"seconds":1,"output":[]}', flush=True)
  `.replaceAll(/^ {4}/gm, "");
  const python = `${projectRoot}/.venv/bin/python`;
  const [{ idleMiB, peakMiB }] = await contest(
    [{ name: "hungry", command: [python, "-c", `${code.trim()}\n`] }],
    { rounds: 2, warmUps: 1 },
  );
  assert(idleMiB > 1 && idleMiB < 100, `${idleMiB} MiB before`);
  assert(peakMiB - idleMiB > 95 && peakMiB - idleMiB < 150, `${peakMiB - idleMiB} MiB more`);
});

Deno.test("a contestant that ends is named with what it wrote last, and the others are ended, too", () =>
  withFolder(async (folder) => {
    const [file, end] = [`${folder}/turns`, `${folder}/end`];
    const failing = {
      name: "failing",
      command: ["/bin/sh", "-c", `echo '{"ready":true}'; echo oops >&2; exit 3`],
    };
    const failure = contest([counting("a", { file, end: `touch "${end}"` }), failing]);
    await assertRejects(() => failure, Error, "Cannot measure failing: it ended with code 3: oops");
    assert(await exists(end));
  }));

Deno.test("a contestant dies with the process that started it, even by SIGKILL", () =>
  withFolder(async (folder) => {
    const file = `${folder}/pid`;
    // It does not read stdin, whose end would end it.
    const script = `echo $$ > "${file}"; echo '{"ready":true}'; exec sleep 3600`;
    const code = `
      import { startContestant } from "${projectRoot}/benchmarks/harness/contestant.ts";
      await startContestant({ name: "sleeper", command: ["/bin/sh", "-c", ${JSON.stringify(script)}] });
      Deno.kill(Deno.pid, "SIGKILL");
    `;
    const parent = new Deno.Command(Deno.execPath(), { args: ["eval", code], cwd: projectRoot });
    assertEquals((await parent.output()).signal, "SIGKILL");
    const process = Number(await Deno.readTextFile(file));
    await eventually(() => assertEquals(isAlive(process), false));
  }));
