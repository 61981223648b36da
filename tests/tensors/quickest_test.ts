import { assertEquals } from "@std/assert";
import { chosenForms, quickest } from "../../lib/tensors/quickest.ts";
import { withFolder } from "../support/runs/with_folder.ts";
import { runScript } from "../support/setup/run_script.ts";

/** Forms that take so many milliseconds by a clock of their own, and a count of how often they ran. */
function timed(ms: { first: number; second: number }) {
  let time = 0, runs = 0;
  const work = (form: keyof typeof ms) => () => {
    time += ms[form];
    runs++;
  };
  return {
    forms: { first: work("first"), second: work("second") },
    now: () => time,
    runs: () => runs,
  };
}

Deno.test("another form than the first is chosen where it is clearly quicker, and that is told", () =>
  withFolder((folder) => {
    const cases: [second: number, form: string][] = [[50, "second"], [79, "second"], [81, "first"], [
      130,
      "first",
    ]];
    for (const [second, form] of cases) {
      const { forms, now } = timed({ first: 100, second });
      assertEquals(quickest(`a choice ${second}`, forms, { folder, machine: "m", now }), form);
      assertEquals(chosenForms()[`a choice ${second}`], form);
    }
    return Promise.resolve();
  }));

Deno.test("a machine's choice is measured once and kept, whatever is measured later", () =>
  withFolder(async (folder) => {
    const choose = (machine: string, ms: { first: number; second: number }) => {
      const { forms, now, runs } = timed(ms);
      return [quickest("kept", forms, { folder, machine, now }), runs() > 0];
    };
    assertEquals(choose("avx2", { first: 100, second: 50 }), ["second", true]);
    assertEquals(choose("avx2", { first: 50, second: 100 }), ["second", false]);
    assertEquals(choose("amx", { first: 50, second: 100 }), ["first", true]);
    assertEquals(choose("amx", { first: 100, second: 50 }), ["first", false]);
    const files = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
    assertEquals(files.length, 2, `${files}`);
    // What is no choice, or one of forms that are no more, is made anew.
    for (
      const [content, again] of [["{", true], ['{ "form": "third" }', true], ['{ "form": "first" }', false]]
    ) {
      for (const name of files) await Deno.writeTextFile(`${folder}/${name}`, `${content}`);
      assertEquals(choose("avx2", { first: 100, second: 50 }), [again ? "second" : "first", again]);
      if (again) assertEquals(choose("avx2", { first: 50, second: 100 }), ["second", false]);
    }
  }));

Deno.test("while one process measures another may decide: its choice holds", () =>
  withFolder((folder) => {
    const slow = timed({ first: 100, second: 50 }), other = timed({ first: 50, second: 100 });
    let decided: string | undefined;
    const forms = {
      ...slow.forms,
      second: () => {
        slow.forms.second();
        decided ??= quickest("race", other.forms, { folder, machine: "m", now: other.now });
      },
    };
    assertEquals(quickest("race", forms, { folder, machine: "m", now: slow.now }), "first");
    assertEquals(decided, "first");
    return Promise.resolve();
  }));

Deno.test("where nothing can be kept a form is chosen all the same", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    const { forms, now } = timed({ first: 100, second: 50 });
    assertEquals(quickest("nowhere", forms, { folder: `${folder}/file/below`, machine: "m", now }), "second");
  }));

/** A process with a choice of which one form takes no time by its clock. */
const choosing = (folder: string, quick: "first" | "second") =>
  `import { quickest } from "lib/tensors/quickest.ts";
  let time = 0;
  const form = (name) => () => void (time += name === "${quick}" ? 0 : 100);
  const forms = { first: form("first"), second: form("second") };
  console.log(quickest("of processes", forms, { folder: "${folder}", machine: "m", now: () => time }));`;

Deno.test("processes that measure at once take one and the same form, whatever each has found", () =>
  withFolder(async (folder) => {
    const quick = ["first", "second", "first", "second"] as const;
    const ends = await Promise.all(quick.map((form) => runScript(choosing(folder, form))));
    assertEquals(ends.map(({ stderr }) => stderr), ["", "", "", ""]);
    const [file, ...others] = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
    assertEquals(others, []);
    const { form } = JSON.parse(await Deno.readTextFile(`${folder}/${file}`));
    assertEquals(ends.map(({ stdout }) => stdout.trim()), [form, form, form, form]);
  }));

Deno.test("a process that may not write, or not even look, chooses for itself", () =>
  withFolder(async (folder) => {
    for (
      const [what, ...permissions] of [["read", "--allow-read"], ["nothing", `--allow-read=lib,node_modules`]]
    ) {
      const { stdout, stderr } = await runScript(choosing(folder, "second"), {
        permissions: ["--no-prompt", "--allow-env", ...permissions],
      });
      assertEquals([stdout, stderr], ["second\n", ""], what);
    }
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  }));
