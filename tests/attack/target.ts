/** What is attacked: a reader, and files that it reads. */
import type { Form } from "./mutations.ts";

export interface Prepared {
  /** Files to damage, by their paths. */
  files: { path: string; form: Form }[];
  /** Reads them, and says what it got in a few letters: equal for equal content. */
  read(): Promise<string>;
  /** What was read, in full, for another program to compare. @default none compares it */
  explain?(): Promise<unknown>;
}

export interface Target {
  /** Such as "weights". */
  name: string;
  /**
   * What the reader owes: of files that we wrote the content that was written or an error (`ours`), or always the content, made again
   * where it is damaged (`remade`); of other people's an error or what is written there (`foreign`).
   */
  owes: "ours" | "remade" | "foreign";
  prepare(folder: string): Promise<Prepared>;
}
