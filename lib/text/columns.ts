/**
 * Names and what they mean, in two columns for a terminal.
 *
 * @module
 */
import { wrap } from "./wrap.ts";

export interface ColumnsOptions {
  /** Letters in a line. @default 80 */
  width?: number;
}

/** Widest left column, letters; what is longer has its text in the next line. */
const widest = 31;

/** Lines `  name  text`, the texts below each other and wrapped. */
export function columns(
  rows: readonly (readonly [string, string])[],
  { width = 80 }: ColumnsOptions = {},
): string {
  const left = Math.min(widest, Math.max(0, ...rows.map(([name]) => name.length))) + 4;
  return rows.map(([name, text]) => {
    const lines = wrap(text, width - left);
    const start = `  ${name}`;
    if (start.length + 2 > left && text !== "") lines.unshift("");
    return lines.map((line, index) => `${(index === 0 ? start : "").padEnd(left)}${line}`.trimEnd()).join(
      "\n",
    );
  }).join("\n");
}
