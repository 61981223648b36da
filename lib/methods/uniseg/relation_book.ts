/**
 * How near each class is where a dataset's label is another one: kept while a network learns (METHOD section 8).
 *
 * @module
 */
import type { Tensor5D } from "@tensorflow/tfjs-node-gpu";
import type { OrganNumber } from "../../data/label_set.ts";
import { channelsFirst } from "../../losses/channels_first.ts";
import type { ClassRelation } from "../../losses/class_relation.ts";
import { CODES, type LabelMap, sumByRow } from "../../losses/label_map.ts";
import { tf } from "../../tensors/tf.ts";

/** What a batch keeps of the mean before it: that of about the last twenty batches in which an organ was seen. */
const KEPT = 0.95;

export interface Seen {
  dataset: string;
  /** Organs that the samples of the batch are labelled with; others are no classes of the dataset. */
  labelSets: readonly (readonly OrganNumber[])[];
  map: LabelMap;
}

export class RelationBook {
  readonly #means = new Map<string, ClassRelation>();

  /** @param cosines [batch, depth, height, width, organ] */
  see(cosines: Tensor5D, { dataset, labelSets, map }: Seen): void {
    const organs = cosines.shape[4];
    const sums = tf.tidy(() => sumByRow(channelsFirst(cosines), map.hot).dataSync());
    const found = new Map<OrganNumber, { count: number; sums: number[] }>();
    map.rows.forEach((row, place) => {
      const organ = row % CODES;
      if (!labelSets[Math.floor(row / CODES)]!.includes(organ)) return;
      const known = found.get(organ) ?? { count: 0, sums: Array.from({ length: organs }, () => 0) };
      known.count += map.counts[row]!;
      known.sums = known.sums.map((sum, c) => sum + sums[c * map.rows.length + place]!);
      found.set(organ, known);
    });
    for (const [organ, { count, sums }] of found) {
      const key = JSON.stringify([dataset, organ]), before = this.#means.get(key)?.cosines;
      const now = sums.map((sum) => sum / count);
      const kept = before ? now.map((value, c) => KEPT * before[c]! + (1 - KEPT) * value) : now;
      this.#means.set(key, { dataset, organ, cosines: kept });
    }
  }

  save(): ClassRelation[] {
    return [...this.#means.values()];
  }

  load(relations: readonly ClassRelation[]): void {
    this.#means.clear();
    for (const relation of relations) {
      this.#means.set(JSON.stringify([relation.dataset, relation.organ]), relation);
    }
  }
}
