/**
 * Names as text for LaTeX.
 *
 * @module
 */
import { printable } from "../escape.ts";

const COMMANDS: Record<string, string> = {
  "\\": "\\textbackslash{}",
  "{": "\\{",
  "}": "\\}",
  "$": "\\$",
  "&": "\\&",
  "#": "\\#",
  "%": "\\%",
  "_": "\\_",
  "^": "\\textasciicircum{}",
  "~": "\\textasciitilde{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "|": "\\textbar{}",
  '"': "\\char34{}", // the character itself is a command to some languages of babel
  "`": "\\textasciigrave{}",
  "-": "-{}", // no ligatures
  "[": "{[}", // after a row's end it would open an argument
  "]": "{]}",
  "*": "{*}",
  "±": "$\\pm$",
  "∞": "$\\infty$",
  "–": "--",
  "—": "---",
  "…": "\\ldots{}",
  "×": "$\\times$",
  "✓": "\\checkmark{}",
  "✗": "$\\times$",
  "−": "$-$",
  "“": "``",
  "”": "''",
  "’": "'",
};

/** Letters that pdfLaTeX sets without further packages. */
const LETTERS = /[A-Za-z0-9À-ÅÇ-ÏÑ-ÖØ-Ýà-åç-ïñ-öø-ýÿßÆæ]/u;

/** Commands that {@linkcode latexText} uses; harmless where they are already there. */
export const LATEX_PREAMBLE = "\\providecommand{\\checkmark}{\\ensuremath{\\surd}} % without amssymb\n" +
  "\\providecommand{\\anyletters}[2]{\\ifdefined\\Umathcode#1\\else#2\\fi} % other alphabets: as they are with XeLaTeX or LuaLaTeX";

/**
 * Text for LaTeX, whatever it holds. Letters of other alphabets, which pdfLaTeX cannot set without packages that differ
 * by language, are themselves with XeLaTeX and LuaLaTeX (and a font that has them), else their code points.
 */
export function latexText(text: string): string {
  return printable(text.normalize("NFC")).replace(/[\x20-\x7f]|[^\x20-\x7f]+/gu, (part) => {
    if (part.length === 1 && part < "\x7f") return COMMANDS[part] ?? part;
    return [...part.matchAll(/[À-ÿ±∞–—…×−“”’✓✗]|[^À-ÿ±∞–—…×−“”’✓✗]+/gu)].map(([piece]) => {
      if (COMMANDS[piece]) return COMMANDS[piece];
      if (LETTERS.test(piece) && piece.length === 1) return piece;
      const codes = [...piece].map((letter) => `U+${letter.codePointAt(0)!.toString(16).toUpperCase()}`);
      return `\\anyletters{${piece}}{${codes.join(" ")}}`;
    }).join("");
  });
}
