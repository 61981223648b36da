/**
 * A figure's title, and lines of explanation under it.
 *
 * @module
 */
import { escapePlotly } from "./escape.ts";
import type { Layout } from "./figure.ts";
import { GREY, INK, LETTER, NOTE_SIZE } from "./template.ts";
import { wrap } from "../text/wrap.ts";

const TITLE_SIZE = 17;
/** Px above the title and below the notes. */
const ABOVE = 20, BELOW = 14;
/** Plotly sets lines of one text at this multiple of the text's font size. */
const LINE_SPACING = 1.3;

export interface HeadingOptions {
  /** Sentences set small and grey below the title. @default [] */
  notes?: string[];
  /** Of the figure, in px: lines are broken to fit. */
  width: number;
}

/**
 * Title and notes, as they are (escaped here), with the margin they need: `{title, margin: {t}}` of the layout.
 * One text in two sizes: Plotly's own subtitle is unknown to older versions, and its automatic margin cuts titles
 * of several lines.
 */
export function heading(
  text: string,
  { notes = [], width }: HeadingOptions,
): { title: Layout; margin: { t: number } } {
  const fit = (line: string, size: number) => wrap(line, (width - 20) / (size * LETTER)).map(escapePlotly);
  const large = fit(text, TITLE_SIZE).map((line) =>
    `<span style="font-size:${TITLE_SIZE}px;color:${INK}">${line}</span>`
  );
  const small = notes.flatMap((note) => fit(note, NOTE_SIZE));
  const lines = [...large, ...small];
  return {
    title: { text: lines.join("<br>"), font: { size: NOTE_SIZE, color: GREY }, pad: { l: 12, t: ABOVE } },
    margin: { t: Math.ceil(ABOVE + lines.length * NOTE_SIZE * LINE_SPACING + BELOW) },
  };
}
