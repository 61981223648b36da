/**
 * Each organ in each dataset's scans: what partial labels hide.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Collapse } from "../../comparison/collapsed_domains.ts";
import { valueText } from "../../plots/arms/score_text.ts";
import type { Figure } from "../../plots/figure.ts";
import { Plot } from "./plot.tsx";

export function Domains({ figure, collapsed }: { figure: Figure; collapsed: readonly Collapse[] }) {
  return (
    <section id="domains" aria-labelledby="domains-title">
      <h2 id="domains-title">Organs by domain</h2>
      {collapsed.map(({ arm, organ, own, domain, foreign }) => (
        <p key={`${arm} ${organ} ${domain}`} class="warning">
          {arm} finds {organ} where it is labelled (Dice {valueText(own, "dice")}) and loses it in scans of
          {" "}
          {domain}, where no training scan shows it ({valueText(foreign, "dice")}).
        </p>
      ))}
      <Plot figure={figure} />
    </section>
  );
}
