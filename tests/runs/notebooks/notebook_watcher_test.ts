import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { z } from "zod";
import { readNotebook } from "../../../lib/runs/notebooks/notebook.ts";
import { projectRoot, toolPaths } from "../../../lib/setup/tool_paths.ts";
import { writeNotebook } from "../../support/runs/toy_notebook.ts";
import { withFolder } from "../../support/runs/with_folder.ts";

const [library, fake] = ["../../../lib/runs/open_run.ts", "../../support/runs/fake_training.ts"].map((
  file,
) => JSON.stringify(new URL(file, import.meta.url).href));

const begin = (results: string) => `
const { openRun } = await import(${library});
const { fakeOptions, fakeStage, holdAt } = await import(${fake});
const results = ${JSON.stringify(results)};
const drawn = { live: 0, final: 0 };
const historyFigure = {
  live: (rows) => (drawn.live++, { "text/plain": "live " + rows.length }),
  final: (rows) => (drawn.final++, Promise.resolve({ "text/plain": "final " + rows.length })),
};
const run = await openRun("toy", { cohort: "toy", seed: 1 }, {
  ...fakeOptions(results), historyFigure,
});`;

/** Fifty steps in no time, with five validations. */
const validated = `
const stage = await run.stage("validated", {});
for (let step = 1; step <= 50; step++) {
  const terms = step % 10 === 0 ? { validation_dice: 0.5 } : { own: 1 };
  stage.log({ stage: "validated", model: "a", step, terms, learningRate: 1, seconds: 0 });
  stage.progress({ stage: "validated", step, steps: 50 });
}
await stage.save("result", { tensors: {}, meta: {} });
await stage.finish();`;

const attempt = (work: string) =>
  `try { ${work}; console.log("done"); } catch (e) { console.log(e.message); }`;

/** Presses the stop button, and goes on once whoever listens to it has heard. */
const press = `
const pressed = Promise.withResolvers();
Deno.addSignalListener("SIGINT", pressed.resolve);
Deno.kill(Deno.pid, "SIGINT");
await pressed.promise;
Deno.removeSignalListener("SIGINT", pressed.resolve);`;

/** Executes cells in one kernel, as somebody before a notebook does; answers their outputs. */
async function execute(folder: string, cells: string[]) {
  const [input, output] = [join(folder, "in.ipynb"), join(folder, "out.ipynb")];
  await writeNotebook(input, cells.map((source) => [[], source]));
  const { success, stderr } = await new Deno.Command(toolPaths().papermill, {
    args: [input, output, "--kernel", "deno", "--no-progress-bar"],
    cwd: projectRoot,
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  const texts = z.object({
    data: z.record(z.string(), z.unknown()).optional(),
    text: z.unknown().optional(),
  });
  return (await readNotebook(output)).cells.map(({ outputs = [] }) =>
    outputs.map((output) => {
      const { data, text } = texts.parse(output);
      return [data?.["text/plain"] ?? text ?? ""].flat().join("").trimEnd();
    })
  );
}

Deno.test("a cell shows one line and one figure, drawn anew at validations, and wholly at the end", () =>
  withFolder(async (folder) => {
    const stage = 'await fakeStage("first", run, 1)';
    const cells = [begin(folder), validated, stage, stage, "console.log(JSON.stringify(drawn))"];
    const [, shown, first, again, drawn] = await execute(folder, cells);
    const [line, ...figures] = shown!;
    assertMatch(line!, /^validated {2}━{24} {2}done in \d+ s$/);
    assertEquals(figures, ["final 50"]);
    for (const outputs of [first!, again!]) { // found finished by the same cell, run again
      assertMatch(outputs[0]!, /^first .* done in/);
      assertEquals(outputs[1], "final 40");
    }
    assertEquals(JSON.parse(drawn![0]!), { live: 1 + 5 + 1, final: 3 });
  }));

Deno.test("the stop button ends the work of a cell; the same cell goes on at once, other variables are alive", () =>
  withFolder(async (folder) => {
    const onHeld = '() => Deno.kill(Deno.pid, "SIGINT")';
    const stage = attempt(`await fakeStage("first", run, 1, { heldBy: results, onHeld: ${onHeld} })`);
    const work = attempt("run.beginWork().throwIfAborted()");
    const [, stopped, resumed, unheard, heard, at_last] = await execute(folder, [
      `${begin(folder)} await holdAt("first 10", results);`,
      stage,
      stage,
      `${press} console.log(drawn.final)`,
      work,
      work,
    ]);
    const message = "Stopped; run it again to go on";
    assertEquals(stopped!.at(-1), message);
    assertEquals(resumed!.at(-1), "done");
    assertEquals(
      [unheard, heard, at_last],
      [["1"], [message], ["done"]],
      "no stop is lost, none counts twice",
    );
  }));
