/**
 * An experiment's parameters: declared in its notebook, checked before anything starts.
 *
 * The notebook has one cell tagged `parameters` with declarations such as
 *
 *     let learningRate = 0.003; // 1, step size after the warm-up
 *
 * @module
 */
import type { ParameterValue } from "../../methods/definition/parameter.ts";
import { unknownName } from "../../text/unknown_name.ts";
import { hasTag, type Notebook } from "./notebook.ts";

export type { ParameterValue };
export type Parameters = Record<string, ParameterValue>;

/** One declared parameter. */
export interface DeclaredParameter {
  name: string;
  /** What stands where nobody says otherwise; its type is the parameter's type. */
  value: ParameterValue;
  /** The comment behind it: unit, meaning. */
  meaning: string;
}

const declaration =
  /\s*let\s+([A-Za-z_$][\w$]*)\s*(?::\s*\w+\s*)?=\s*("(?:[^"\\]|\\.)*"|'[^'\\]*'|true|false|[-+]?[\d.][\w.]*(?:[eE][-+]?\d+)?)\s*;/y;

/**
 * Reads the declared parameters in their order.
 *
 * @throws Error when there is not exactly one cell tagged `parameters`, or a line is no declaration of a literal
 */
export function declaredParameters(notebook: Notebook, path: string): DeclaredParameter[] {
  const cells = notebook.cells.filter((cell) => cell.cell_type === "code" && hasTag(cell, "parameters"));
  const [cell] = cells;
  if (!cell || cells.length > 1) {
    throw new Error(
      `Cannot read parameters: one cell tagged "parameters" is wanted, current number is ${cells.length} (${path})`,
    );
  }
  const parameters = cell.source.split("\n").flatMap((line) => declarationsOf(line, path));
  const twice = parameters.find(({ name }, index) =>
    parameters.findIndex((other) => other.name === name) < index
  );
  if (twice) throw new Error(`Cannot read parameters: ${twice.name} is declared twice (${path})`);
  return parameters;
}

function declarationsOf(line: string, path: string): DeclaredParameter[] {
  const found: DeclaredParameter[] = [];
  let position = 0;
  for (;;) {
    declaration.lastIndex = position;
    const match = declaration.exec(line);
    if (!match) break;
    const [, name, text] = match as unknown as [string, string, string];
    const value = literal(text);
    if (value === undefined) break;
    found.push({ name, value, meaning: "" });
    position = declaration.lastIndex;
  }
  const [, comment, rest] = line.slice(position).match(/^\s*(?:\/\/\s*(.*)|(.*))$/) ?? [];
  if (rest) {
    throw new Error(
      `Cannot read parameters: a line must be "let name = literal; // unit, meaning", current line is "${line.trim()}" (${path})`,
    );
  }
  return found.map((parameter) => ({ ...parameter, meaning: comment?.trim() ?? "" }));
}

function literal(text: string): ParameterValue | undefined {
  if (text.startsWith('"')) return JSON.parse(text);
  if (text.startsWith("'")) return text.slice(1, -1);
  if (text === "true" || text === "false") return text === "true";
  // 0x10 and its like are numbers to JavaScript only.
  const value = /^[-+]?(\d[\d_]*\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)
    ? Number(text.replaceAll("_", ""))
    : NaN;
  return Number.isFinite(value) ? value : undefined;
}

/**
 * Reads `name=value` texts by the declared types.
 *
 * @throws Error naming every unknown name, wrong value and name given twice at once, with the names that exist
 */
export function parseAssignments(
  texts: readonly string[],
  declared: readonly DeclaredParameter[],
): Parameters {
  const problems: string[] = [];
  const values: Parameters = {};
  for (const text of texts) {
    const [, name, given] = text.match(/^([^=]+)=(.*)$/s) ?? [];
    const parameter = declared.find((parameter) => parameter.name === name?.trim());
    if (name === undefined || given === undefined) problems.push(`"${text}" is not name=value`);
    else if (!parameter) problems.push(unknownParameter(name, declared));
    else if (parameter.name in values) problems.push(`${parameter.name} is given twice`);
    else {
      const value = convert(given, parameter.value);
      const wanted = isTooLarge(given, value) ? "whole number below 2^53" : typeof parameter.value;
      if (value === undefined || isTooLarge(given, value)) {
        problems.push(`${name} must be a ${wanted}, current value is "${given}"`);
      } else values[parameter.name] = value;
    }
  }
  refuse(problems);
  return values;
}

function convert(text: string, like: ParameterValue): ParameterValue | undefined {
  if (typeof like === "string") return text;
  const value = literal(text.trim());
  return typeof value === typeof like ? value : undefined;
}

/** A whole number that would become another one. */
function isTooLarge(text: string, value: ParameterValue | undefined): boolean {
  return typeof value === "number" && /^\s*[-+]?[\d_]+\s*$/.test(text) && !Number.isSafeInteger(value);
}

/**
 * The declared values with the given ones in their place, in the order of declaration.
 *
 * @throws Error naming every unknown name and wrong type at once, with the names that exist
 */
export function resolveParameters(given: Parameters, declared: readonly DeclaredParameter[]): Parameters {
  const problems: string[] = [];
  for (const [name, value] of Object.entries(given)) {
    const parameter = declared.find((parameter) => parameter.name === name);
    if (!parameter) problems.push(unknownParameter(name, declared));
    else if (typeof value !== typeof parameter.value) {
      problems.push(`${name} must be a ${typeof parameter.value}, current value is ${JSON.stringify(value)}`);
    }
  }
  refuse(problems);
  return Object.fromEntries(declared.map(({ name, value }) => [name, given[name] ?? value]));
}

function unknownParameter(name: string, declared: readonly DeclaredParameter[]): string {
  return `a parameter ${unknownName(name, declared.map((parameter) => parameter.name))}`;
}

function refuse(problems: string[]): void {
  if (problems.length === 0) return;
  throw new Error(`Cannot set parameters: ${problems.join("; ")}`);
}
