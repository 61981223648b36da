/**
 * A command's options and other words, with every mistake told in our words.
 *
 * @module
 */
import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { unknownName } from "../text/unknown_name.ts";
import { UsageError } from "./usage.ts";

const help = { help: { type: "boolean", short: "h" } } as const;

export interface ReadArgumentsOptions<T extends ParseArgsOptionsConfig> {
  /** What the command does, in errors: `Cannot run: …`. */
  action: string;
  /** As for parseArgs; `--help` and `-h` are every command's. @default none but these */
  options?: T;
  /** Number of words beside the options that the command takes at most. @default Infinity */
  most?: number;
}

/** The options' values and the words beside them. */
export type Arguments<T extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ args: string[]; allowPositionals: true; options: T & typeof help }>
>;

/**
 * Reads a command's arguments. Where help is asked for, nothing else is said about them.
 *
 * @throws {UsageError} for an unknown option (naming the nearest), one without its value, with an empty one or given twice,
 *   for an empty word, and for a word too many
 */
export function readArguments<const T extends ParseArgsOptionsConfig>(
  args: readonly string[],
  { action, options = {} as T, most = Infinity }: ReadArgumentsOptions<T>,
): Arguments<T> {
  const all: ParseArgsOptionsConfig = { ...options, ...help };
  const { tokens } = parseArgs({
    args: [...args],
    options: all,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = tokens.flatMap((token) => token.kind === "option" ? [token] : []);
  const words = tokens.flatMap((token) => token.kind === "positional" ? [token.value] : []);
  const asked = given.some(({ name }) => name === "help");
  const problem = asked
    ? undefined
    : given.map((token) => problemOf(token, all)).find(Boolean) ?? repeated(given, all) ??
      wordProblem(words, most);
  if (problem) throw new UsageError(`Cannot ${action}: ${problem}`);
  const right = given.filter(({ name }) => asked ? name === "help" : true);
  const normal = right.map(({ name, value }) => value === undefined ? `--${name}` : `--${name}=${value}`);
  return parseArgs({
    args: [...normal, "--", ...words],
    allowPositionals: true,
    options: all,
  }) as Arguments<T>;
}

interface Given {
  name: string;
  rawName: string;
  value?: string | undefined;
  inlineValue?: boolean | undefined;
}

function problemOf(
  { name, rawName, value, inlineValue }: Given,
  all: ParseArgsOptionsConfig,
): string | undefined {
  const option = Object.hasOwn(all, name) ? all[name] : undefined; // `--constructor` is none
  if (!option) return `an option ${unknownName(rawName, Object.keys(all).map((known) => `--${known}`))}`;
  if (option.type === "boolean") return value === undefined ? undefined : `${rawName} takes no value`;
  // A word that begins like an option is one, except for a negative number.
  if (value === undefined || !inlineValue && /^-(?![\d.])/.test(value)) return `${rawName} wants a value`;
  return value.trim() === "" ? `${rawName} must not be empty` : undefined;
}

function repeated(given: readonly Given[], all: ParseArgsOptionsConfig): string | undefined {
  const twice = given.find(({ name }, index) =>
    !all[name]!.multiple && given.findIndex((other) => other.name === name) < index
  );
  return twice && `${twice.rawName} is given twice`;
}

function wordProblem(words: readonly string[], most: number): string | undefined {
  if (words.some((word) => word.trim() === "")) return "an argument is empty";
  if (words.length <= most) return undefined;
  const what = `"${words[most]}" is one argument too many`;
  return most === 0 ? `it takes options only, ${what}` : what;
}
