/**
 * A parameter of a method, written once: what it is by default, what it may be, what it means, and when it has an effect.
 *
 * @module
 */
import * as rules from "./rules.ts";
import type { Rule } from "./rules.ts";

export type ParameterValue = number | string | boolean;

/** Whether a parameter has an effect beside the others' values. */
export interface When {
  (values: Readonly<Record<string, ParameterValue>>): boolean;
  /** The same as a sentence's end, such as `inference is distilled`. */
  readonly words: string;
}

/** @param words what {@linkcode When} says */
export function where(words: string, acts: (...values: Parameters<When>) => boolean): When {
  return Object.assign((...values: Parameters<When>) => acts(...values), { words });
}

export interface Parameter<V extends ParameterValue = ParameterValue> {
  /** Where nobody says otherwise. */
  readonly default: V;
  readonly rule: Rule;
  /** Unit and meaning, as the comment in a notebook's cell. */
  readonly meaning: string;
  /**
   * Where it is false, the parameter has no effect: it is left out of every stage's identity, and a value that is not the default is
   * refused. @default always
   */
  readonly when?: When;
}

/** A method's parameters by name, in the order of its notebook's cell. */
// deno-lint-ignore no-explicit-any
export type ParameterTable = Readonly<Record<string, Parameter<any>>>;

/** A table whose method trains: what every stage has. */
export type TrainingTable = ParameterTable & Readonly<Record<"seed" | "learningRate", Parameter<number>>>;

export type ValuesOf<T extends ParameterTable> = {
  readonly [K in keyof T]: T[K] extends Parameter<infer V> ? V : never;
};

function maker<V extends ParameterValue>(rule: Rule) {
  return (value: V, meaning: string, when?: When): Parameter<V> => ({
    default: value,
    rule,
    meaning,
    ...when ? { when } : {},
  });
}

export const weight = maker<number>(rules.nonNegative);
export const positive = maker<number>(rules.positive);
export const share = maker<number>(rules.share);
export const shareBelowOne = maker<number>(rules.shareBelowOne);
export const shareOfSome = maker<number>(rules.shareOfSome);
export const atLeastOne = maker<number>(rules.atLeastOne);
export const count = maker<number>(rules.count);
export const integer = maker<number>(rules.integer);
export const real = maker<number>(rules.real);
export const flag = maker<boolean>(rules.truth);
export const text = maker<string>(rules.text);

export function choice<const C extends readonly string[]>(
  choices: C,
  value: C[number],
  meaning: string,
  when?: When,
): Parameter<C[number]> {
  return { default: value, rule: rules.oneOf(...choices), meaning, ...when ? { when } : {} };
}
