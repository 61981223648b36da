/**
 * Names as text: whatever letters, quotes or markup they hold, they are shown as they are.
 *
 * @module
 */

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text for HTML, in content or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return printable(text).replace(/[&<>"]/g, (c) => ENTITIES[c]).replaceAll("'", "&#39;");
}

/** Text for Plotly, which reads some HTML tags, entities, and TeX between dollars. */
export function escapePlotly(text: string): string {
  return printable(text).replace(/[&<>]/g, (c) => ENTITIES[c]).replaceAll("$", "&#36;");
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

/** Names longer than this are cut in figures; tables and hover texts give them wholly. */
const LONGEST = 32;

/** A name for an axis or a legend: escaped, cut in its middle where it is too long. */
export function shortLabel(name: string): string {
  const letters = [...name];
  if (letters.length <= LONGEST) return escapePlotly(name);
  const half = (LONGEST - 1) / 2;
  return escapePlotly(
    `${letters.slice(0, Math.ceil(half)).join("")}…${letters.slice(-Math.floor(half)).join("")}`,
  );
}

/** Text in one line: a control character would break a line, a terminal or the XML of an SVG. */
export function printable(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.toWellFormed().replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]/g, " ");
}
