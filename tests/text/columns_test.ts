import { assertEquals } from "@std/assert";
import { columns } from "../../lib/text/columns.ts";

Deno.test("texts begin below each other, are wrapped there, and after a long name in the next line", () => {
  const name = "n".repeat(40);
  assertEquals(
    columns([["a", "one two three four"], ["bcd", ""], [name, "five"]], { width: 46 }),
    [
      `  a${" ".repeat(32)}one two`,
      `${" ".repeat(35)}three four`,
      "  bcd",
      `  ${name}`,
      `${" ".repeat(35)}five`,
    ].join("\n"),
  );
  assertEquals(columns([["a", "one"], ["bcd", "two"]]), "  a    one\n  bcd  two");
});
