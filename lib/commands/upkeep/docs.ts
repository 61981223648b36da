/**
 * The command `docs`: writes the JSON schemas beside cohorts, sweeps and claim cards, and the pages on cohorts, claims and parameters.
 *
 * All of them are made of what reads the files; a test compares them.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { ClaimFile } from "../../comparison/claims/claim.ts";
import { CohortFile } from "../../data/cohorts/cohort.ts";
import { type JsonSchema, jsonSchemaOf } from "../../data/json_schema.ts";
import { schemaTable } from "../../data/schema_page.ts";
import { SweepFile } from "../../runs/sweeps/sweep.ts";
import { typed } from "../../setup/typed.ts";
import { exitWith } from "../../terminal/exit_with.ts";
import { claimsPage } from "../../workbench/claims/claims_page.ts";
import {
  claimPath,
  claimSchemaPath,
  cohortPath,
  cohortSchemaPath,
  paperSchemaPath,
  projectFolder,
  sweepSchemaPath,
} from "../../workbench/project.ts";
import { PaperFile } from "../../workbench/paper/paper_file.ts";
import { readArguments } from "../../terminal/read_arguments.ts";
import { showHelp } from "../../terminal/usage.ts";
import { parametersPage } from "../../workbench/parameters_page.ts";

const usage = () =>
  `Usage: ${typed("docs")}

Writes docs/COHORT.md, docs/CLAIMS.md, docs/PARAMETERS.md and the JSON schemas
of experiments/cohorts, sweeps, claims and papers.`;

/** The files as they should be: text by path. */
export async function generatedDocs(): Promise<Record<string, string>> {
  const cohort = { title: "Cohort of Consilium", ...jsonSchemaOf(CohortFile) };
  const sweep = { title: "Sweep of Consilium", ...jsonSchemaOf(SweepFile) };
  const claim = { title: "Claim card of Consilium", ...jsonSchemaOf(ClaimFile) };
  return {
    [claimSchemaPath]: schemaText(claim),
    [cohortSchemaPath]: schemaText(cohort),
    [sweepSchemaPath]: schemaText(sweep),
    [paperSchemaPath]: schemaText({ title: "Paper of Consilium", ...jsonSchemaOf(PaperFile) }),
    [join(projectFolder, "docs", "COHORT.md")]: cohortPage(
      cohort,
      await Deno.readTextFile(cohortPath("hippocampus")),
    ),
    [join(projectFolder, "docs", "CLAIMS.md")]: claimsPage(
      claim,
      await Deno.readTextFile(claimPath("label_dropout")),
    ),
    [join(projectFolder, "docs", "PARAMETERS.md")]: parametersPage(),
  };
}

function schemaText(schema: JsonSchema): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function cohortPage(schema: JsonSchema, example: string): string {
  return `# The cohort file

A cohort says what a study needs to know of its data: organs, datasets and the organs the study *shows* of each, the cases
of training, validation and test, and how scans are preprocessed, cut and learnt from. It is a JSON file of
\`experiments/cohorts/\`, or any other whose path is given; \`consilium plan\` writes one for own data, \`consilium check-data\` tells
what is wrong with it. A key that is not in this table is an error. With
\`"$schema": "./cohort.schema.json"\` as its first key, editors complete and check it.

This page is made by \`consilium docs\` of what reads the file.

${schemaTable(schema)}

Where an organ, a dataset or a split is named, the name is written as it stands where it is declared. A dataset's own list of
labels (\`dataset.json\`) is matched by an organ's name and aliases.

## One organ, several names

Names that mean one organ are its \`aliases\`, and organs that a dataset labels as one are \`groups\`: that is how data are to be learnt from. To see what a method makes of names that nobody
has mapped, an organ \`standsFor\` others: it is a class of its own, methods are told nothing, and only the reading of labels and of scores knows what it is. With

\`\`\`json
"organs": [
  { "name": "Liver", "nsdToleranceMm": 3 },
  { "name": "LiverParenchyma", "standsFor": ["Liver"], "nsdToleranceMm": 3 }
]
\`\`\`

a dataset whose \`organs\` list \`LiverParenchyma\` shows its liver under that name, and a test set that lists it is scored by it. In scans of validation and test the names that a list does not
have are not decided for, as if the network had no such classes. Everything else takes each name for an organ: methods complete labels of the one by the other, and \`consilium predict\`, which
knows no list, decides among all. A scan has one name for each organ, so it may be in test sets of one list alone, and there are no folds.

## What dataset.json may say

Besides what the Decathlon and nnU-Net put there: \`annotated\` (case → names of the organs that are annotated in it), \`splits\` (name → cases), \`subjects\` (case → person), and, where scribbles
were drawn beside dense labels, \`"scribbles": { "folder": "scribblesTr", "notAnnotated": 4, "training": [{ "image": "…", "label": "…" }, …] }\`: the cohort then names that folder,
\`heart-cine/scribblesTr\`, as a dataset's, and the dense one, \`heart-cine\`, for its test.

## A cohort that changes another one

\`extends\` is the path of another cohort's file, from this file's folder on; what else stands here is what differs. Both are checked as one.

\`\`\`json
{
  "extends": "./abdomen.json",
  "name": "abdomen_few",
  "description": "abdomen with ten scans of the first dataset, without augmentation of its own.",
  "datasets": { "liver_set": { "training": { "count": 10 } } },
  "training": { "augmentation": null }
}
\`\`\`

Objects change key by key and \`null\` takes a key away. A list whose entries have names (\`organs\`, \`datasets\`, \`test\`, \`groups\`) is changed by an object of the
entries that differ; any other list is replaced as a whole, by a list: one of case ids becomes no rule, unless all of \`datasets\` is written
anew. An \`intensity\` of another \`scheme\` replaces the one that was there. \`name\` must be its own, and that of no cohort below it, since
results lie in its folder. Such a file has no \`$schema\`: it is no whole cohort. A cohort in a folder of \`experiments/cohorts/\` is named with it, as \`axes/scans_3\`: those vary \`phantom_quick\` along four axes;
those of \`design/\` show it with other people, for choices that the demo's people must not see; those of
\`variants/\` are what claims compare their cohorts with.

## Folds

\`hippocampus@2/5\`, wherever a cohort is named, is the second of five folds; \`consilium run mutual --cohort hippocampus --fold 2/5\` says the
same, and \`"fold": ["1/5", "2/5", …]\` among the axes of a sweep. A fold moves cases between roles and changes nothing else:

- Everybody whom \`training\`, \`validation\` or a test set names is dealt into n parts, three at least, by a hash with \`splitSeed\`. Each part has its share of
  each dataset's and test set's subjects, and all scans of a subject are in one part.
- In fold k/n part k is tested, the next one (after the last: the first) validates, the others train. \`split\`, \`fraction\` and \`count\` say who is dealt, and no
  longer in what role.
- \`requires\` goes on to say what a case of a role must have annotated. A subject of the tested part with no case that a test set may take
  trains instead, so does one of the validating part with none that validates; other scans of who is tested are left out.
- A case that a test set names stays in that set; others are tested in the first set of their folder that may take them. Who was in a test set alone
  learns, in other folds, with the datasets of its folder, which take such subjects by turns.
- A test set must lie in a dataset's folder. One with a folder of its own, as of \`phantom\`, is another domain that nobody trains on; it needs no
  folds, and asking for one is an error.

Each case is tested in one fold at most. Runs of all folds lie in the cohort's own folder of results, and tables and comparisons pool them as one arm, such as
\`mutual/5_folds\`, where cohort and data are the same but for the fold, and all n folds were dealt alike. Where one of the n cannot be, since it has no case for
a role, all are refused.

## An example

\`\`\`json
${example.trimEnd()}
\`\`\`
`;
}

/** Runs the command; returns the exit code. */
export async function docs(args: string[]): Promise<number> {
  const { values } = readArguments(args, { action: "write the docs", most: 0 });
  if (values.help) return showHelp(usage());
  for (const [path, text] of Object.entries(await generatedDocs())) {
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeTextFile(path, text);
    console.log(path);
  }
  return 0;
}

if (import.meta.main) await exitWith(docs);
