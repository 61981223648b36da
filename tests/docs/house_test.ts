/** The house of docs/ARCHITECTURE.md is the one that the files make. */
import { assert, assertEquals } from "@std/assert";
import { dirname } from "@std/path";
import { circlesIn, importsOf, readImports, roomOf, upwardArrows } from "../support/docs/imports.ts";

const MOST_FILES = 20, MOST_LINES = 300;

const page = await Deno.readTextFile("docs/ARCHITECTURE.md");
/** Rooms in the table's order: from the bottom of the house to its top. */
const rooms = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, room]) => room!);
const imports = await readImports(["lib", "benchmarks"]);
const files = Object.keys(imports);

Deno.test("the table has every room, once", () => {
  assertEquals([...rooms].sort(), [...new Set(files.map(roomOf))].sort());
});

Deno.test("no files import each other in a circle", () => {
  assert(Object.values(imports).flat().length > 1000);
  assertEquals(circlesIn(imports), []);
});

Deno.test("no room imports from one that comes later in the table", () => {
  assertEquals(upwardArrows(imports, rooms), []);
});

Deno.test(`no folder of lib holds more than ${MOST_FILES} files`, () => {
  const folders = Map.groupBy(files.filter((file) => file.startsWith("lib/")), dirname);
  const full = [...folders].filter(([, held]) => held.length > MOST_FILES);
  assertEquals(full.map(([folder, { length }]) => `${folder}: ${length}`), []);
});

Deno.test(`no file is longer than ${MOST_LINES} lines`, async () => {
  const lengths = await Promise.all(
    files.map(async (file) => [file, (await Deno.readTextFile(file)).split("\n").length - 1] as const),
  );
  assertEquals(lengths.filter(([, lines]) => lines > MOST_LINES), []);
});

Deno.test("imports of all kinds are found", () => {
  const text = `import { a } from "./a.ts";
import type {
  B,
} from "../b.ts";
export { c } from "./c.ts";
import "./d.ts";
import { join } from "@std/path";
const [e] = await Promise.all([
  import("./e.ts"),
  import("jsdom"),
]);
new Worker(new URL("./f.ts", import.meta.url));
const g = "./g.ts";
`;
  assertEquals(
    importsOf("lib/room/file.ts", text),
    ["lib/room/a.ts", "lib/b.ts", "lib/room/c.ts", "lib/room/d.ts", "lib/room/e.ts", "lib/room/f.ts"],
  );
});

Deno.test("a circle is found, and told once", () => {
  assertEquals(circlesIn({ a: ["b", "d"], b: ["c"], c: ["b"], d: ["c"] }), ["b → c → b"]);
  assertEquals(circlesIn({ a: ["b", "c"], b: ["c"], c: [] }), []);
});

Deno.test("an arrow upward is found; within a room and downward all is well", () => {
  const files = { "lib/data/a.ts": ["lib/data/b.ts", "lib/text/c.ts", "lib/plots/d.ts"] };
  assertEquals(upwardArrows(files, ["text", "data", "plots"]), ["lib/data/a.ts → lib/plots/d.ts"]);
});
