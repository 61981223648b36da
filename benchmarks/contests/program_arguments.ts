/**
 * What a program of the benchmarks was called with.
 *
 * @module
 */

/**
 * The program's arguments in the order of their names; there may be more.
 *
 * @param names as errors tell them
 * @throws Error when there are fewer than names
 */
export function programArguments<const N extends readonly string[]>(
  names: N,
  args: readonly string[] = Deno.args,
): { -readonly [I in keyof N]: string } {
  if (args.length < names.length) {
    const wanted = names.map((name) => `<${name}>`).join(" ");
    throw new Error(`Cannot run: arguments must be ${wanted}, current ones are [${args.join(", ")}]`);
  }
  return args.slice(0, names.length) as { -readonly [I in keyof N]: string };
}
