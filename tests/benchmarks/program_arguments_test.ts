import { assertEquals, assertThrows } from "@std/assert";
import { programArguments } from "../../benchmarks/contests/program_arguments.ts";

Deno.test("a program's arguments come in the order of their names, without those that have none", () => {
  assertEquals(programArguments(["folder", "task"], ["/tmp/a", "step", "more"]), ["/tmp/a", "step"]);
});

Deno.test("a program says which arguments it wants when some are missing", () => {
  assertThrows(
    () => programArguments(["folder", "float32 | bfloat16"], ["/tmp/a"]),
    Error,
    "Cannot run: arguments must be <folder> <float32 | bfloat16>, current ones are [/tmp/a]",
  );
});
