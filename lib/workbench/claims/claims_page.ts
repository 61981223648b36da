/**
 * The page on claim cards, made of what reads them.
 *
 * @module
 */
import type { JsonSchema } from "../../data/json_schema.ts";
import { schemaTable } from "../../data/schema_page.ts";

/**
 * Markdown.
 *
 * @param example text of a card
 */
export function claimsPage(schema: JsonSchema, example: string): string {
  return `# Claim cards

What a paper says of its method is tested here by a file that is written **before** the runs: what is claimed and by whom, which arms on which
cohort could show it, what is compared, the smallest difference that counts, how exactly the experiment will tell, and what controls must
do if it is to say anything. Git shows when it was written.

    consilium claims                       # runs what is missing of all cards of experiments/claims, and prints the verdicts
    consilium claims --list                # only what came out so far
    consilium claims my_claim.json --jobs 2

\`notebooks/claims.ipynb\` shows the cards with a figure, \`consilium report <cohort>\` those of its cohort.

## The verdict

The arm's value minus the reference's is the paired difference of all tables: seeds averaged within a case, the metric's statistic over cases, the
mean over organs, with a 95 % bootstrap interval over subjects and seeds. With *s* the smallest difference that counts:

| verdict | when |
|---|---|
| not tested | a gate did not hold: a control that should fail did not, or one that should reach a value did not |
| reproduced | the whole interval lies beyond *s* in the claimed direction; of a claim of equality, within −*s* to *s* |
| contradicted | the whole interval lies beyond *s* in the other direction; of a claim of equality, beyond *s* on one side |
| too small to tell | neither, and half the interval is wider than *s*: the experiment could not have told |
| not shown | neither, and it could have |

A verdict is on this cohort, with these budgets. It does not say that a paper's own numbers are right or wrong.

## To test a claim on your own data

1. Plan a cohort ([README](../README.md#your-own-data-in-five-minutes)) and copy a card of \`experiments/claims/\`, or take the one below.
2. Change \`cohort\`, and where your organs or test sets have other names, \`organs\` and \`testSets\`. An arm is any experiment with any of its
   parameters ([PARAMETERS](PARAMETERS.md)), or on another \`cohort\` with the same test cases.
3. Say what counts. The smallest difference is one that would change what you do. The interval must lie wholly beyond it: to be shown, a difference must be the smallest one and
   half the width, so plan for half a width well below. \`consilium claims <file> --pilot 2\` runs two seeds of both arms on scans that are not tested (half of the validation
   scans, for the organs that their dataset shows; of a phantom: other people) and says what to expect; or take earlier runs of like arms, or write that it is a guess.
4. Commit the card, then \`consilium claims <file>\`. It can be stopped at any time and goes on from there; runs that are there already count.

Keys that are not in this table are errors; so are names of experiments, parameters, cohorts, organs and test sets that are not there, before anything is run. An arm has no
\`seed\` and no \`fold\`. With \`"$schema"\` and the path of \`experiments/claims/claim.schema.json\`, editors complete and check a card. This page is made by \`consilium docs\` of what reads the cards.

${schemaTable(schema)}

## An example

It came before its runs; \`deep_mutual_learning.json\`, which says that it did not, describes what it found and tests nothing.

\`\`\`json
${example.trimEnd()}
\`\`\`
`;
}
