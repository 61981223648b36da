/**
 * Names as text: whatever letters, quotes or markup they hold, they are shown as they are.
 *
 * @module
 */

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text for HTML, in content or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return printable(text).replace(/[&<>"]/g, (c) => ENTITIES[c]!).replaceAll("'", "&#39;");
}

/** Text for Plotly, which reads some HTML tags, entities, and TeX between dollars. */
export function escapePlotly(text: string): string {
  return printable(text).replace(/[&<>]/g, (c) => ENTITIES[c]!).replaceAll("$", "&#36;");
}

/** What {@linkcode escapePlotly} was given, but for its control characters. */
export function unescapePlotly(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&#36;", "$").replaceAll(
    "&amp;",
    "&",
  );
}

/** Text for a cell of a Markdown table. */
export function escapeMarkdown(text: string): string {
  return printable(text).replace(/[\\`*_[\]|<>&$~]/g, (c) => `\\${c}`);
}

export interface ShortLabelOptions {
  /** Letters shown. @default 32 */
  longest?: number;
}

/** A name for an axis or a legend: escaped, cut in its middle where it is too long (tables give it wholly). */
export function shortLabel(name: string, { longest = 32 }: ShortLabelOptions = {}): string {
  const letters = [...name];
  if (letters.length <= longest) return escapePlotly(name);
  const [first, last] = [Math.ceil((longest - 1) / 2), Math.floor((longest - 1) / 2)];
  return escapePlotly(`${letters.slice(0, first).join("")}…${letters.slice(letters.length - last).join("")}`);
}

/** Text in one line: a control character would break a line, a terminal or the XML of an SVG. */
export function printable(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.toWellFormed().replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]/g, " ");
}
