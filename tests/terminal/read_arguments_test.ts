import { assertEquals, assertThrows } from "@std/assert";
import { readArguments } from "../../lib/terminal/read_arguments.ts";
import { UsageError } from "../../lib/terminal/usage.ts";

const options = {
  cohort: { type: "string" },
  seed: { type: "string" },
  set: { type: "string", multiple: true, default: [] as string[] },
  list: { type: "boolean" },
} as const;

const read = (...args: string[]) => readArguments(args, { action: "run", options, most: 1 });

Deno.test("options in any place and form, negative numbers, words behind --", () => {
  const { values, positionals } = read("--seed", "-1", "mutual", "--set", "a=-2", "--set=b==c", "--list");
  assertEquals({ ...values }, { seed: "-1", set: ["a=-2", "b==c"], list: true });
  assertEquals(positionals, ["mutual"]);
  assertEquals(read("--", "--cohort").positionals, ["--cohort"]);
  assertEquals({ ...read().values }, { set: [] });
});

const wrong: [args: string[], message: string][] = [
  [
    ["--chort", "x"],
    'Cannot run: an option must be one of --cohort, --seed, --set, --list, --help, current value is "--chort": ' +
    "did you mean --cohort?",
  ],
  [["-s", "1"], 'current value is "-s"'],
  [["--constructor", "x"], 'current value is "--constructor"'],
  [["mutual", "--seed"], "Cannot run: --seed wants a value"],
  [["--seed", "--cohort", "x"], "Cannot run: --seed wants a value"],
  [["--seed", ""], "Cannot run: --seed must not be empty"],
  [["--seed="], "Cannot run: --seed must not be empty"],
  [["--set", "a=1", "--set", " "], "Cannot run: --set must not be empty"],
  [["--list=yes"], "Cannot run: --list takes no value"],
  [["--seed", "1", "--seed", "2"], "Cannot run: --seed is given twice"],
  [[""], "Cannot run: an argument is empty"],
  [["mutual", "pooled"], 'Cannot run: "pooled" is one argument too many'],
];

for (const [args, message] of wrong) {
  Deno.test(`called wrongly: ${JSON.stringify(args)}`, () => {
    assertThrows(() => read(...args), UsageError, message);
  });
}

Deno.test("whoever asks for help gets it, whatever else is there", () => {
  for (const args of [["--help"], ["-h"], ["a", "b", "--chort", "-h"], ["--seed", "1", "--help"]]) {
    assertEquals(read(...args).values.help, true, String(args));
  }
});

Deno.test("a command of options only says so", () => {
  const message = 'Cannot demo: it takes options only, "x" is one argument too many';
  assertThrows(() => readArguments(["x"], { action: "demo", most: 0 }), UsageError, message);
});
