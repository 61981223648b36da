/**
 * The page on all methods' parameters, made of their tables.
 *
 * @module
 */
import { type Method, methodVersion } from "../methods/definition/method.ts";
import type { Parameter } from "../methods/definition/parameter.ts";
import { methods } from "../methods/registry.ts";

/** Markdown. */
export function parametersPage(): string {
  return `# Methods and their parameters

A method is a table of parameters, stages of training and arms: other values of some parameters, under a name of their own. Both
are run by their names, \`consilium run <name> --set parameter=value\`. This page is made by \`consilium docs\` of the tables in
\`lib/methods\`; notebooks, \`consilium run <name> --help\` and all checks are made of the same.

${methods.map(section).join("\n\n")}
`;
}

function section(method: Method): string {
  const { name, title, about, source, parameters, arms = {} } = method;
  const rows = Object.entries<Parameter>(parameters).map(([name, { default: value, rule, meaning }]) =>
    row([`\`${name}\``, `\`${JSON.stringify(value)}\``, rule.words, meaning])
  );
  const armRows = Object.entries(arms).map(([name, { says, set }]) => {
    const values = Object.entries(set).map(([key, value]) => `\`${key}=${value}\``).join(", ");
    return row([`\`${name}\``, says, values]);
  });
  return [
    `## ${title}\n\n\`${name}\`, version ${methodVersion(method)} (${source}). ${about}`,
    ["| parameter | default | values | meaning |", "|---|---|---|---|", ...rows].join("\n"),
    ...armRows.length > 0 ? [["| arm | what it is | values |", "|---|---|---|", ...armRows].join("\n")] : [],
  ].join("\n\n");
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
