/**
 * Masks of organs as one label map: one organ a voxel.
 *
 * @module
 */

/** A label's own mask. */
export interface OrganMask {
  organ: string;
  /** In the label map. */
  value: number;
  mask: Uint8Array;
}

export interface PaintedOrgans {
  /** 0 where there is no organ. */
  labels: Uint8Array;
  /** Pairs of organs that share voxels, though no order says whose those are. */
  overlaps: Overlap[];
  /** Pairs of which the first was given what both have. */
  settled: Overlap[];
}

export interface Overlap {
  organs: [string, string];
  voxels: number;
}

/**
 * Paints masks over each other. What two organs have in common goes to the one that stands first in `priority`, also where the other
 * one does not stand there.
 *
 * @param masks of one grid; those of one organ are united
 */
export function paintOrgans(
  masks: Iterable<OrganMask>,
  { voxels, priority }: { voxels: number; priority: readonly string[] },
): PaintedOrgans {
  const labels = new Uint8Array(voxels), names = new Map<number, string>();
  const open = new Map<string, Overlap>(), settled = new Map<string, Overlap>();
  const rankOf = (organ: string) => priority.includes(organ) ? priority.indexOf(organ) : Infinity;
  const count = (pairs: Map<string, Overlap>, organs: [string, string]) => {
    const key = JSON.stringify(organs), pair = pairs.get(key) ?? { organs, voxels: 0 };
    pair.voxels++;
    pairs.set(key, pair);
  };
  for (const { organ, value, mask } of masks) {
    names.set(value, organ);
    for (let voxel = 0; voxel < voxels; voxel++) {
      if (mask[voxel] === 0) continue;
      const present = labels[voxel]!;
      if (present === 0 || present === value) labels[voxel] = value;
      else {
        const other = names.get(present)!, [mine, theirs] = [rankOf(organ), rankOf(other)];
        if (mine === theirs) count(open, [other, organ]);
        else if (mine < theirs) {
          labels[voxel] = value;
          count(settled, [organ, other]);
        } else count(settled, [other, organ]);
      }
    }
  }
  return { labels, overlaps: [...open.values()], settled: [...settled.values()] };
}
