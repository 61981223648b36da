import { assert, assertEquals } from "@std/assert";
import { dirname, join } from "@std/path";
import { generatedDocs } from "../../lib/commands/upkeep/docs.ts";
import {
  claimSchemaPath,
  cohortSchemaPath,
  paperSchemaPath,
  sweepSchemaPath,
} from "../../lib/workbench/project.ts";
import { projectRoot, toolPaths } from "../../lib/setup/tool_paths.ts";
import { tinyCohort } from "../support/data/cohorts/tiny_cohort.ts";

Deno.test("the committed schemas and pages are what `task docs` makes", async () => {
  const made = await generatedDocs();
  const pages = ["CLAIMS.md", "COHORT.md", "PARAMETERS.md"].map((name) => join(projectRoot, "docs", name));
  assertEquals(
    Object.keys(made).sort(),
    [claimSchemaPath, cohortSchemaPath, paperSchemaPath, sweepSchemaPath, ...pages].sort(),
  );
  for (const [path, text] of Object.entries(made)) {
    assertEquals(await Deno.readTextFile(path), text, `run task docs (${path})`);
  }
});

Deno.test("the pages on cohorts and claims have a meaning for every key", async () => {
  const made = Object.entries(await generatedDocs());
  for (const [name, keys] of [["COHORT.md", 50], ["CLAIMS.md", 20]] as const) {
    const page = made.find(([path]) => path.endsWith(name))![1];
    const rows = page.split("\n").filter((line) => line.startsWith("| `"));
    assert(rows.length > keys);
    for (const row of rows) assert(/\| [^|]*\S[^|]* \|$/.test(row.replaceAll("\\|", "/")), row);
  }
});

/** What Python's jsonschema finds wrong in each of the JSON texts. */
async function validate(schema: string, texts: readonly string[]): Promise<string[][]> {
  const program = `
import json, sys
from jsonschema import Draft7Validator
schema, *texts = sys.argv[1:]
schema = json.load(open(schema))
Draft7Validator.check_schema(schema)
print(json.dumps([[e.json_path for e in Draft7Validator(schema).iter_errors(json.loads(t))] for t in texts]))`;
  const { success, stdout, stderr } = await new Deno.Command(toolPaths().python, {
    args: ["-I", "-c", program, schema, ...texts],
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

for (const schema of [claimSchemaPath, cohortSchemaPath, sweepSchemaPath]) {
  Deno.test(`every shipped file beside ${schema.split("/").at(-1)} fits it, by another validator`, async () => {
    const files = (await Array.fromAsync(Deno.readDir(dirname(schema)))).map(({ name }) => name)
      .filter((name) => name.endsWith(".json") && !name.endsWith(".schema.json"));
    assert(files.length > 0);
    const texts = await Promise.all(files.map((name) => Deno.readTextFile(`${dirname(schema)}/${name}`)));
    for (const text of texts) assertEquals(JSON.parse(text).$schema, `./${schema.split("/").at(-1)}`);
    assertEquals(await validate(schema, texts), texts.map(() => []));
  });
}

Deno.test("the schema finds what the reader finds", async () => {
  const texts = [
    tinyCohort(),
    tinyCohort((json) => json.datasets[1].trianing = {}),
    tinyCohort((json) => json.organs[0].nsdToleranceMm = 0),
    tinyCohort((json) => json.test[0].cases = ["a", 3]),
    tinyCohort((json) => json.preprocessing.intensity = { scheme: "ct" }),
    tinyCohort((json) => delete json.patch),
  ].map((json) => JSON.stringify(json));
  const found = await validate(cohortSchemaPath, texts);
  assertEquals(found, [
    [],
    ["$.datasets[1]"],
    ["$.organs[0].nsdToleranceMm"],
    ["$.test[0].cases"],
    ["$.preprocessing.intensity"],
    ["$"],
  ]);
});
