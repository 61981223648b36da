/**
 * Arms by their names.
 *
 * @module
 */
import { unknownName } from "../text/unknown_name.ts";
import type { Arm } from "./arms.ts";

/** An arm that one may ask for though it has no finished run. */
export interface UnfinishedArm {
  name: string;
  /** Such as "stopped, goes on with: …". */
  state: string;
  /** It never began: errors do not offer it. */
  open?: boolean;
}

export interface ChooseArmsOptions {
  /** Names, as in `names`, that `others` does not mean. @default "" */
  besides?: string | undefined;
  /** Arms that are known and not finished; any other name is an error. @default [] */
  unfinished?: readonly UnfinishedArm[] | undefined;
}

export interface ChosenArms {
  /** In the order asked for. */
  arms: Arm[];
  /** Those asked for that have no finished run. */
  unfinished: UnfinishedArm[];
}

/**
 * Chooses arms by their names, separated by commas, in that order. `all` is every arm; `others` is every one that is not
 * named and that changes no parameter, such as predictions made elsewhere.
 *
 * @throws {Error} A name is that of no arm, or no arm is finished.
 */
export function chooseArms(
  arms: readonly Arm[],
  names: string,
  { besides = "", unfinished = [] }: ChooseArmsOptions = {},
): ChosenArms {
  const known: readonly KnownArm[] = [...arms, ...unfinished];
  const named = new Set([...armNames(names, known), ...armNames(besides, known)]);
  const wanted = armNames(names, known).flatMap((name) => {
    if (name === "all") return arms.map((arm) => arm.name);
    if (name !== "others") return [name];
    return arms.map((arm) => arm.name).filter((other) => !named.has(other) && !other.includes("/"));
  });
  const chosen = new Set(wanted);
  const found = [...chosen].flatMap((name) => arms.find((arm) => arm.name === name) ?? []);
  const waiting = [...chosen].flatMap((name) =>
    arms.some((arm) => arm.name === name) ? [] : unfinished.find((arm) => arm.name === name) ?? []
  );
  if (found.length > 0) return { arms: found, unfinished: waiting };
  const why = waiting.length > 0 ? describeUnfinished(waiting).join("; ") : "none is named";
  throw new Error(`Cannot choose arms: ${why}; finished are ${arms.map(({ name }) => name).join(", ")}`);
}

/** An arm as far as its name is asked for. */
export type KnownArm = Pick<UnfinishedArm, "name" | "open">;

/**
 * Names from a text, separated by commas.
 *
 * @throws {Error} One of them is neither known nor `all` or `others`.
 */
export function armNames(text: string, known: readonly KnownArm[]): string[] {
  const names = text.split(",").map((name) => name.trim()).filter((name) => name !== "");
  const wordsFor = (arms: readonly KnownArm[]) => [
    ...new Set([...arms.map(({ name }) => name), "all", "others"]),
  ];
  const everything = wordsFor(known);
  const wrong = names.find((name) => !everything.includes(name));
  if (wrong === undefined) return names;
  const offered = wordsFor(known.filter(({ open }) => !open));
  throw new Error(`Cannot choose arms: an arm ${unknownName(wrong, offered, everything)}`);
}

/**
 * A line an arm.
 *
 * @example
 * ```ts
 * import { chooseArms, describeUnfinished } from "consilium/results";
 *
 * const { unfinished } = await chooseArms("hippocampus", "mutual, pooled");
 * for (const line of describeUnfinished(unfinished)) console.log(line);
 * ```
 */
export function describeUnfinished(arms: readonly UnfinishedArm[]): string[] {
  return arms.map(({ name, state }) => `${name} has no finished run: ${state}`);
}
