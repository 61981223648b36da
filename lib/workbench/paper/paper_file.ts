/**
 * A paper's tables and figures as one file.
 *
 * @module
 */
import { z } from "zod";
import { InvalidFileError, parseWith, readJson } from "../../data/json_file.ts";
import { everyMetric } from "../../metrics/metric.ts";

const Name = z.string().regex(/^[A-Za-z0-9][\w.-]*$/, "must be letters, digits, '_', '-' and '.'")
  .describe("Of its files, without their endings, and of its label in LaTeX.");
const MetricName = z.enum(everyMetric as [string, ...string[]]).transform((name) =>
  name as typeof everyMetric[number]
);

/** What tables and figures have in common. */
const shared = {
  name: Name,
  cohort: z.string().min(1).describe("A cohort that has results, by its name or its file."),
  arms: z.record(z.string(), z.string().min(1)).refine(
    (arms) => Object.keys(arms).length > 0,
    "must name an arm",
  )
    .refine(
      (arms) => new Set(Object.values(arms)).size === Object.keys(arms).length,
      "must have different names",
    )
    .describe(
      "Arms as `report` names them, in the order in which they stand, and what the paper calls them.",
    ),
  reference: z.string().optional().describe("The arm that the others are tested against. Default: none."),
  organs: z.record(z.string(), z.string().min(1)).default({}).describe(
    "What the paper calls organs. Default: as the cohort.",
  ),
};

const Tables = z.strictObject({
  ...shared,
  caption: z.string().default(""),
  metrics: z.array(MetricName).min(1).optional().describe("Default: those that the runs have."),
  bounds: z.array(z.string()).default([]).describe(
    "Arms that are never set in bold, such as an upper bound.",
  ),
  ingredients: z.record(z.string().min(1), z.array(z.string())).optional().describe(
    "Of each ingredient the arms that have it: the table then has a row an arm, with ✓ and ✗, in place of a row an organ.",
  ),
});

const Figures = z.strictObject({
  ...shared,
  kind: z.enum(["scores", "differences", "cases"]).describe(
    "`scores`: intervals of the arms by organ; `differences`: from the reference; `cases`: one organ, every case joined from arm to arm.",
  ),
  metric: MetricName.default("dice"),
  organ: z.string().optional().describe("Of `cases`. Default: the mean over organs."),
});

export const PaperFile = z.strictObject({
  $schema: z.string().optional().describe(
    "Path of `paper.schema.json`, by which editors complete and check the file.",
  ),
  description: z.string().describe("What the paper is, in a sentence."),
  tables: z.array(Tables).default([]),
  figures: z.array(Figures).default([]),
});

export type Paper = z.infer<typeof PaperFile>;
export type PaperTable = Paper["tables"][number];
export type PaperFigure = Paper["figures"][number];

/** @throws {InvalidFileError} with every problem of the file at once */
export async function readPaper(path: string): Promise<Paper> {
  const { value, problems } = parseWith(PaperFile, await readJson(path, "paper"));
  if (!value) throw new InvalidFileError(path, problems, "paper");
  const wrong = [...ofParts(value.tables, "tables"), ...ofParts(value.figures, "figures")];
  const names = [...value.tables, ...value.figures].map(({ name }) => name);
  for (const name of new Set(names.filter((one, index) => names.indexOf(one) < index))) {
    wrong.push(`the name ${name} is that of two`);
  }
  for (const [index, { ingredients = {}, arms }] of value.tables.entries()) {
    for (const [ingredient, having] of Object.entries(ingredients)) {
      for (const arm of having.filter((arm) => !Object.hasOwn(arms, arm))) {
        wrong.push(`tables[${index}].ingredients.${ingredient}: ${arm} is none of the arms`);
      }
    }
  }
  if (wrong.length > 0) throw new InvalidFileError(path, wrong, "paper");
  return value;
}

function ofParts(parts: readonly (PaperTable | PaperFigure)[], key: string): string[] {
  return parts.flatMap((part, index) => {
    const named = [
      ...part.reference === undefined ? [] : [["reference", part.reference]],
      ..."bounds" in part ? part.bounds.map((arm) => ["bounds", arm]) : [],
    ];
    return named.filter(([, arm]) => !Object.hasOwn(part.arms, arm!))
      .map(([what, arm]) => `${key}[${index}].${what}: ${arm} is none of the arms`);
  });
}
