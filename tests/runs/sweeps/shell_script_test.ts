import { assert, assertEquals } from "@std/assert";
import { shellScript } from "../../../lib/runs/sweeps/shell_script.ts";
import { exists } from "../../../lib/files/whole_folder.ts";
import { callLine, oddName, runScript, withFakeConsilium } from "../../support/runs/sweeps/fake_consilium.ts";

const sweep = `/${oddName}.json`;
const env = { CONSILIUM_DATA: oddName };
const sharesOf = (calls: string[]) =>
  calls.flatMap((line) => line.match(/--array\|(\d+)\//)?.[1] ?? []).map(Number);

for (const shell of ["bash", "sh"]) {
  Deno.test(`${shell}: every share runs once, in turn, with its words as they are`, () =>
    withFakeConsilium(async ({ folder, consilium, calls }) => {
      const script = shellScript(sweep, { consilium, count: 3, retries: 0, env, jobs: 1 });
      const check = await new Deno.Command(shell, { args: ["-n", "-c", script] }).output();
      assert(check.success, new TextDecoder().decode(check.stderr));
      assertEquals(await runScript(shell, script, { folder }), { code: 0, stderr: "" });
      const lines = [1, 2, 3].flatMap((i) => [callLine(sweep, `${i}/3`, oddName), `ended ${i}`]);
      assertEquals(await calls(), lines);
      assert(!await exists(`${folder}/evil`));
    }));

  Deno.test(`${shell}: two at once deal the shares, and all run though some fail`, () =>
    withFakeConsilium(async ({ folder, consilium, plan, calls }) => {
      await plan(1, ["1"]);
      await plan(4, ["2"]);
      const script = shellScript(sweep, { consilium, count: 5, retries: 3, env, jobs: 2 });
      assertEquals((await runScript(shell, script, { folder })).code, 1);
      assertEquals(sharesOf(await calls()).toSorted(), [1, 2, 3, 4, 5]);
    }));

  Deno.test(`${shell}: a share that crashes is begun again, as often as is said`, () =>
    withFakeConsilium(async ({ folder, consilium, plan, calls }) => {
      await plan(1, ["kill", "139"]);
      await plan(2, ["kill", "kill", "kill"]);
      const script = shellScript(sweep, { consilium, count: 2, retries: 2, env, jobs: 1 });
      assertEquals((await runScript(shell, script, { folder })).code, 1);
      assertEquals(sharesOf(await calls()), [1, 1, 1, 2, 2, 2]);
    }));

  for (const name of ["SIGTERM", "SIGINT"] as const) {
    Deno.test(`${shell}: ${name} stops all that run in order, and begins no other`, () =>
      withFakeConsilium(async ({ folder, consilium, plan, calls }) => {
        for (const share of [1, 2]) await plan(share, ["hang"]);
        const script = shellScript(sweep, { consilium, count: 4, retries: 2, env, jobs: 2 });
        const { code } = await runScript(shell, script, { folder, signal: { name, hanging: [1, 2] } });
        const lines = await calls();
        assertEquals([code, sharesOf(lines).toSorted()], [130, [1, 2]]);
        assertEquals(lines.filter((line) => line.startsWith("stopped")).toSorted(), [
          "stopped 1",
          "stopped 2",
        ]);
      }));
  }
}

Deno.test("no more at once than there are shares", () => {
  const script = shellScript("a", { consilium: "b", count: 2, retries: 0, jobs: 8 });
  assert(script.includes("\njobs=2 "));
});
