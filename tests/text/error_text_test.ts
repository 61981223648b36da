import { assertEquals, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import { errorText, isFault, reasonOf } from "../../lib/text/error_text.ts";

const caught = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

const texts: [name: string, error: unknown, text: string][] = [
  [
    "a missing file",
    caught(() => Deno.readTextFileSync("/none/x")),
    "Cannot open: there is no such file or folder (/none/x)",
  ],
  [
    "a missing folder",
    caught(() => [...Deno.readDirSync("/none")]),
    "Cannot open: there is no such file or folder (/none)",
  ],
  [
    "a file as a folder",
    new Deno.errors.NotADirectory("Not a directory (os error 20): readfile '/x/y'"),
    "Cannot open: it is no folder (/x/y)",
  ],
  [
    "a folder as a file",
    caught(() => Deno.readTextFileSync("/tmp")),
    "Cannot open: it is a folder, not a file",
  ],
  [
    "a folder that is there",
    caught(() => Deno.mkdirSync("/tmp")),
    "Cannot mkdir: it is there already (/tmp)",
  ],
  [
    "a forbidden file",
    new Deno.errors.PermissionDenied("Permission denied (os error 13): open '/root/x'"),
    "Cannot open: there is no permission for it (/root/x)",
  ],
  [
    "a full disk",
    new Error("No space left on device (os error 28): rename '/a' -> '/b'"),
    "Cannot rename: the disk is full",
  ],
  [
    "a permission that deno.json does not give",
    new Deno.errors.NotCapable('Requires net access to "a.org:443", run again with the --allow-net flag'),
    "Cannot go on: the command lacks a permission that deno.json would have to give it " +
    '(Requires net access to "a.org:443")',
  ],
  [
    "a value that zod refuses",
    caught(() => z.object({ a: z.array(z.number()) }).parse({ a: [1, "x"] })),
    "Cannot read: a.1: Invalid input: expected number, received string",
  ],
  ["text that is no JSON", caught(() => JSON.parse("{")), "Cannot read JSON: "],
  ["one of ours", new Error("Cannot run: so (x)"), "Cannot run: so (x)"],
  ["one of ours of Deno's kind", new Deno.errors.NotFound("Cannot find: none (x)"), "Cannot find: none (x)"],
  [
    "a fault",
    new TypeError("a is not a function"),
    "Cannot go on: a is not a function. This is a fault of Consilium",
  ],
  ["no error at all", "word", "Cannot go on: word"],
];

for (const [name, error, text] of texts) {
  Deno.test(`in our words: ${name}`, () => {
    const said = errorText(error);
    assertEquals(said.slice(0, text.length), text);
    assertEquals(said.includes("\n    at "), false, "no stack");
  });
}

Deno.test("faults are what code does wrong, not what it is given", () => {
  assertEquals([new TypeError("x"), new RangeError("x"), "x"].map(isFault), [true, true, true]);
  assertEquals([new Error("x"), new SyntaxError("x"), new Deno.errors.NotFound("x")].map(isFault), [
    false,
    false,
    false,
  ]);
});

Deno.test("a reason for a message that names the file itself", () => {
  assertEquals(reasonOf(caught(() => Deno.readTextFileSync("/none"))), "there is no such file or folder");
  assertEquals(reasonOf(new Error("its own")), "its own");
});

Deno.test("CONSILIUM_DEBUG=1 puts the stacks first, the sentence stays last", () => {
  Deno.env.set("CONSILIUM_DEBUG", "1");
  try {
    const said = errorText(new Error("Cannot so", { cause: new Error("deeper") }));
    assertStringIncludes(said, "error_text_test.ts");
    assertStringIncludes(said, "Caused by: Error: deeper");
    assertEquals(said.split("\n").at(-1), "Cannot so");
  } finally {
    Deno.env.delete("CONSILIUM_DEBUG");
  }
});
