/**
 * What is to be known of effects along axes, in sentences: the same below their figure and their table.
 *
 * @module
 */
import type { AxisEffect } from "../../comparison/axes/axis_effect.ts";
import { zeroVerdict } from "../arms/zero_verdict.ts";

/** What the intervals are of, which hold 0, and what was not run. */
export function axisNotes(effects: readonly AxisEffect[]): string[] {
  const known = effects.filter(({ seeds }) => seeds > 0);
  const most = Math.max(...known.map(({ seeds }) => seeds));
  const held = known.some(({ difference }) => zeroVerdict(difference, "dice") === "holds 0");
  const parts = new Set(effects.map(({ without }) => without)).size;
  return [
    ...new Set(known.map(({ note }) => note)),
    ...held ? ["Where the interval holds 0, these runs do not show that what is off does anything."] : [],
    ...listed(`Of fewer than ${most} seeds`, known.filter(({ seeds }) => seeds < most), parts),
    ...listed("Without finished runs", effects.filter(({ seeds }) => seeds === 0), parts),
  ];
}

/** `Without finished runs: training scans: 3 (PD, FD); fields of view: whole (all).` */
function listed(what: string, effects: readonly AxisEffect[], parts: number): string[] {
  if (effects.length === 0) return [];
  const levels = Map.groupBy(effects, ({ axis, level }) => `${axis}: ${level}`);
  const places = [...levels].map(([place, own]) =>
    `${place} (${own.length === parts ? "all" : own.map(({ without }) => without).join(", ")})`
  );
  return [`${what}: ${places.join("; ")}.`];
}
