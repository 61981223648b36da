/**
 * Notebooks of experiments, made of their method's template and its table of parameters.
 *
 * A template is Markdown; blocks fenced as `ts` become cells of code (words after `ts` their tags), what stands between them cells
 * of text. In it
 * {{title}}, {{about}}, {{experiment}}, {{parameters}}, {{stage}} and {{studyOptions}} stand for what the method says.
 *
 * @module
 */
import { join } from "@std/path";
import { type Experiment, experimentParameters, findExperiment } from "../methods/experiments.ts";
import { readTextIfThere } from "../files/whole_file.ts";
import { projectFolder } from "./project.ts";

/** Of methods that have no template of their own. */
const COMMON = "one_network";

/**
 * The text of an experiment's notebook file; undefined when it is none of the project's.
 *
 * @throws Error when the template leaves out a stage of the method
 */
export async function notebookText(name: string): Promise<string | undefined> {
  const experiment = findExperiment(name);
  if (!experiment) return undefined;
  const template = await readTemplate(experiment.method.name) ?? await readTemplate(COMMON);
  const cells = [parametersCell(name), ...templateCells(template!, name, experiment)];
  return `${
    JSON.stringify(
      {
        cells: cells.map((cell, index) => ({ ...cell, id: `c${String(index).padStart(2, "0")}` })).map(
          inOrder,
        ),
        metadata: {
          kernelspec: { display_name: "Deno", language: "typescript", name: "deno" },
          language_info: { name: "typescript", file_extension: ".ts", mimetype: "text/x.typescript" },
        },
        nbformat: 4,
        nbformat_minor: 5,
      },
      null,
      1,
    )
  }\n`;
}

function readTemplate(name: string): Promise<string | undefined> {
  return readTextIfThere(join(projectFolder, "experiments", "templates", `${name}.md`));
}

/**
 * The cells that a template has for an experiment.
 *
 * @throws Error when a stage of its method stands in no cell that trains
 */
export function templateCells(template: string, name: string, experiment: Experiment): Cell[] {
  const cells = cellsOf(fill(template, name, experiment)), { method } = experiment;
  const training = cells.filter(({ cell_type, source }) =>
    cell_type === "code" && source.includes("trainStage(")
  );
  const left = Object.keys(method.stages).filter((stage) =>
    !training.some(({ source }) => [`"${stage}"`, `'${stage}'`].some((text) => source.includes(text)))
  );
  if (left.length > 0) {
    throw new Error(
      `Cannot make the notebook of ${name}: each stage of ${method.name} must stand in a cell with trainStage(…), ` +
        `none has ${left.join(", ")}; write experiments/templates/${method.name}.md`,
    );
  }
  return cells;
}

interface Cell {
  cell_type: "code" | "markdown";
  source: string;
  tags?: string[];
}

/** As Jupyter writes them. */
function inOrder({ cell_type, id, source, tags }: Cell & { id: string }) {
  const lines = source.split(/(?<=\n)/);
  const metadata = tags ? { tags } : {};
  return cell_type === "markdown"
    ? { cell_type, id, metadata, source: lines }
    : { cell_type, id, execution_count: null, metadata, outputs: [], source: lines };
}

function parametersCell(name: string): Cell {
  const lines = experimentParameters(name)!.map(({ name, value, meaning }) =>
    `let ${name} = ${JSON.stringify(value)}; // ${meaning}`
  );
  return { cell_type: "code", source: lines.join("\n"), tags: ["parameters"] };
}

function fill(template: string, name: string, { method, title, about }: Experiment): string {
  const names = Object.keys(method.parameters);
  const asked = ["showAll", "vectors"].filter((name) => names.includes(name));
  const words: Record<string, string> = {
    title,
    about,
    experiment: JSON.stringify(name),
    parameters: `{\n${wrapped(names)}\n}`,
    stage: JSON.stringify(Object.keys(method.stages).at(-1)),
    studyOptions: asked.length > 0 ? `, { ${asked.join(", ")} }` : "",
  };
  return template.replaceAll(/\{\{(\w+)\}\}/g, (whole, word) => words[word] ?? whole);
}

/** Names in lines of at most 96 letters. */
function wrapped(names: readonly string[]): string {
  const lines = [" "];
  for (const name of names) {
    if (lines.at(-1)!.length + name.length + 2 > 96) lines.push(" ");
    lines[lines.length - 1] += ` ${name},`;
  }
  return lines.join("\n");
}

function cellsOf(text: string): Cell[] {
  return text.split(/^```ts/m).flatMap((part, index): Cell[] => {
    if (index === 0) return textCell(part);
    const [words, code, after] = part.match(/^(.*)\n([^]*?)^```$([^]*)/m)!.slice(1) as [
      string,
      string,
      string,
    ];
    const tags = words.match(/\w+/g);
    return [
      { cell_type: "code", source: code.trimEnd(), ...tags ? { tags } : {} },
      ...textCell(after),
    ];
  });
}

function textCell(text: string): Cell[] {
  return text.trim() === "" ? [] : [{ cell_type: "markdown", source: text.trim() }];
}
