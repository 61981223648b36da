/**
 * What a label says of organs and of the groups that they are parts of: positive labels go up, negative ones down (METHOD section 5).
 *
 * @module
 */
import type { Group } from "../../data/cohorts/study.ts";
import { leavesOf } from "../../data/groups.ts";
import { IGNORED, type LabelSet, UNCERTAIN } from "../../data/label_set.ts";
import type { WantedProbability } from "../../losses/partial/organ_cross_entropy.ts";

/**
 * Wanted of channels 1…K, the organs, and K + 1…, the groups in their order:
 *
 *     label            of organ o                                  of group g
 *     organ c          1 if c = o, else 0                          1 if c is a part of g, else 0
 *     group s          nothing if o is a part of s, else 0         1 if s lies within g, 0 if they share nothing, else nothing
 *     background       0 if the case labels o, or a group with o   0 if the case labels all parts of g, by themselves or in groups
 *     not annotated    nothing                                     nothing
 */
export function levelLabels(groups: readonly Pick<Group, "number" | "parts">[]): WantedProbability {
  const parts = new Map(groups.map(({ number, parts }) => [number, parts]));
  const byCode = Object.fromEntries(parts);
  const known = new WeakMap<LabelSet, readonly number[]>();
  return ({ channels, trueSet }, code, channel) => {
    if (code === IGNORED) return undefined;
    const wanted = channel <= channels.length
      ? [channels[channel - 1]!]
      : groups[channel - channels.length - 1]!.parts;
    if (code === 0 || code === UNCERTAIN) {
      const labelled = known.get(trueSet) ?? leavesOf(trueSet, byCode);
      known.set(trueSet, labelled);
      return wanted.every((organ) => labelled.includes(organ)) ? 0 : undefined;
    }
    const said = parts.get(code) ?? [code];
    if (said.every((organ) => wanted.includes(organ))) return 1;
    return said.some((organ) => wanted.includes(organ)) ? undefined : 0;
  };
}
