/** Made-up scores that several tests of plots read. */
import type { ScoreRow } from "../../../lib/metrics/score_row.ts";

export const ORGANS = ["Brainstem", "SpinalCord", "RightParotid", "LeftParotid", "Mandible"];

/** Five cases of each organ with Dice around 0.8, moved by `shift`. */
export function scores(shift = 0, { organs = ORGANS } = {}): ScoreRow[] {
  return organs.flatMap((organ, o) =>
    [0, 1, 2, 3, 4].map((c) => ({
      case: `case_${c}`,
      dataset: "full",
      organ,
      dice: 0.7 + 0.03 * ((o + 2 * c) % 7) + shift,
      hd95: 2 + ((3 * o + c) % 5),
    }))
  );
}

/** What an SVG shows as text, each text once, its lines joined by a space. */
export async function textsOf(svg: string): Promise<string[]> {
  const document = await parseXml(svg);
  // deno-lint-ignore no-explicit-any
  return [...document.querySelectorAll("text")].map((text: any) => {
    const lines = [...text.querySelectorAll("tspan.line")];
    return (lines.length > 0 ? lines : [text]).map((line) => line.textContent).join(" ").trim();
  });
}

/** The document of an SVG that is well-formed XML; else throws. */
// deno-lint-ignore no-explicit-any
export async function parseXml(svg: string): Promise<any> {
  const { JSDOM } = await import("jsdom");
  return new JSDOM(svg, { contentType: "image/svg+xml" }).window.document;
}
