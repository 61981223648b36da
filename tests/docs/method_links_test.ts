/** What the code says of docs/METHOD.md is there. */
import { assert, assertEquals } from "@std/assert";
import { dirname, join } from "@std/path";
import { methods } from "../../lib/methods/registry.ts";
import { sourceFiles } from "../support/docs/imports.ts";
import { type Place, referencesIn, sectionsOf } from "../support/docs/method_references.ts";

const sections = sectionsOf(await Deno.readTextFile("docs/METHOD.md"));

/** Whether the page has the section, and the rule. */
function isThere({ section, rule }: Place): boolean {
  const found = sections.get(section);
  return found !== undefined && (rule === undefined || found.rules.includes(rule));
}

Deno.test("the page's sections count from 0, 0 has seven rules, and each says what of it is in the code", () => {
  assert(sections.size > 10);
  assertEquals([...sections.keys()], Array.from({ length: sections.size }, (_, section) => section));
  assertEquals(sections.get(0)!.rules, [1, 2, 3, 4, 5, 6, 7]);
  for (const { title, inCode } of sections.values()) assert(inCode.length > 5, title);
});

Deno.test("every reference to METHOD in lib/ and benchmarks/ names a section that is there", async () => {
  const files = [...await sourceFiles("lib"), ...await sourceFiles("benchmarks")];
  const wrong: string[] = [];
  let count = 0;
  for (const file of files) {
    const { places, vague } = referencesIn(await Deno.readTextFile(file));
    count += places.length;
    wrong.push(...vague.map((words) => `${file}: ${words}`));
    wrong.push(
      ...places.filter((place) => !isThere(place)).map((place) => `${file}: ${JSON.stringify(place)}`),
    );
  }
  assert(count > 20, `${count}`);
  assertEquals(wrong, []);
});

for (const { name, source } of methods) {
  Deno.test(`the source of ${name} is a section, and one that says it is in the code`, () => {
    const { places } = referencesIn(source);
    assertEquals(places.length, 1, source);
    const place = places[0]!;
    assert(isThere(place), source);
    const { title, inCode } = sections.get(place.section)!;
    assert(!inCode.startsWith("nothing"), title);
  });
}

Deno.test("paths of code that the page names are there", async () => {
  const page = await Deno.readTextFile("docs/METHOD.md");
  const paths = [...page.matchAll(/`((?:lib|tests)\/[\w./]+)`/g)].map(([, path]) => path!);
  assert(paths.length > 5);
  for (const path of paths) await Deno.stat(path);
});

for await (const { name } of Deno.readDir("docs")) {
  if (!name.endsWith(".md")) continue;
  Deno.test(`links of docs/${name} lead somewhere`, async () => {
    const page = await Deno.readTextFile(join("docs", name));
    const links = [...page.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
    for (const link of links) {
      if (/^https?:/.test(link)) continue;
      const [path, anchor] = link.split("#");
      const target = path === "" ? join("docs", name) : join(dirname(`docs/${name}`), path);
      await Deno.stat(target);
      if (anchor) assert(anchorsOf(await Deno.readTextFile(target)).includes(anchor), link);
    }
  });
}

/** As GitHub makes them of headings. */
function anchorsOf(page: string): string[] {
  return [...page.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title!.toLowerCase().replaceAll(/[^\w\s-]/g, "").replaceAll(" ", "-")
  );
}

Deno.test("references are found in code, and vague ones told", () => {
  assertEquals(
    referencesIn(`
/** As in METHOD section 0, rule 3; METHOD
 * section 12. */
// METHOD section 1's own, docs/METHOD.md, METHOD's A_x and all of it is in here`),
    {
      places: [{ section: 0, rule: 3 }, { section: 12 }, { section: 1 }],
      vague: ["METHOD's A_x and all of it is in here"],
    },
  );
  assert(!isThere({ section: 99 }));
  assert(!isThere({ section: 0, rule: 8 }));
  assert(!isThere({ section: 1, rule: 1 }));
  assertEquals(anchorsOf("# A\n## 1. Deep mutual learning\n"), ["a", "1-deep-mutual-learning"]);
});
