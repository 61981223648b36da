import { assertEquals, assertThrows } from "@std/assert";
import {
  chooseInterpreter,
  inspectInterpreter,
  type Interpreter,
} from "../../lib/setup/python_interpreter.ts";
import { SetupError } from "../../lib/setup/steps/setup_error.ts";
import { toolPaths } from "../../lib/setup/tool_paths.ts";

const python = (minor: number, venv = true): Interpreter => ({
  path: `/usr/bin/python3.${minor}`,
  version: [3, minor, 2],
  venv,
});

const refused: [name: string, found: Interpreter[], message: string][] = [
  ["none", [], "there is no Python on the PATH; install Python 3.10 to 3.13 with venv"],
  ["too old", [python(9)], "Python must be 3.10 to 3.13, found 3.9.2 (/usr/bin/python3.9); install"],
  ["too new", [python(14)], "found 3.14.2 (/usr/bin/python3.14); install"],
  [
    "too old and too new",
    [python(14), python(6)],
    "3.14.2 (/usr/bin/python3.14), 3.6.2 (/usr/bin/python3.6)",
  ],
  ["no venv", [python(9), python(11, false)], "Python 3.11.2 lacks the venv module (/usr/bin/python3.11)"],
  ["no venv, what to do", [python(12, false)], "sudo apt install python3.12-venv"],
];

for (const [name, found, message] of refused) {
  Deno.test(`chooseInterpreter() refuses: ${name}`, () => {
    const error = assertThrows(() => chooseInterpreter(found), SetupError, message);
    assertEquals(error.message.match(/\n/), null);
  });
}

const chosen: [name: string, found: Interpreter[], minor: number][] = [
  ["the oldest supported", [python(10)], 10],
  ["the newest supported", [python(13)], 13],
  ["the first that will do", [python(14), python(9), python(12, false), python(11), python(10)], 11],
];

for (const [name, found, minor] of chosen) {
  Deno.test(`chooseInterpreter() takes ${name}`, () =>
    assertEquals(chooseInterpreter(found).version[1], minor));
}

Deno.test("inspectInterpreter() asks a real Python, and takes anything else for none", async () => {
  const own = await inspectInterpreter(toolPaths().python);
  assertEquals([own?.version[0], own?.venv], [3, true]);
  assertEquals(await inspectInterpreter("/nonexistent/python3"), undefined);
  assertEquals(await inspectInterpreter("false"), undefined);
});
