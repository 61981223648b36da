/**
 * Dynamic feature similarity at work: who teaches whom on one batch.
 *
 * @module
 */
import type { LabelTargets } from "../../losses/allowed.ts";
import { batchDice } from "../../losses/batch_dice.ts";
import type { Term, View } from "../../training/plan.ts";
import { featureSimilarity } from "./feature_similarity.ts";
import type { LessonBook } from "./lesson_book.ts";

export interface TeachOptions {
  /** The batch's true labels. */
  truth: LabelTargets;
  book: LessonBook;
  /** Name of the batch's dataset. */
  dataset: string;
  weight: number;
}

/**
 * Each model learns each organ's features from the best of the models at hand. Who is best was measured on crops
 * before this one; afterwards this one is measured for those that come.
 */
export function teach(views: readonly View[], { truth, book, dataset, weight }: TeachOptions): Term[] {
  const organs = [...new Set(truth.tables.flatMap(({ trueSet }) => trueSet))];
  const present = views.map(({ network }) => network);
  const terms = views.map(({ network, features }): Term => {
    const lessons = organs.flatMap((organ) => {
      const choice = book.choose(network, organ, { among: present, dataset });
      return choice
        ? [{ organ, weight: choice.weight, features: views[present.indexOf(choice.teacher)]!.features }]
        : [];
    });
    return {
      network,
      name: "feature_similarity",
      value: featureSimilarity(features, lessons, { targets: truth }),
      weight,
    };
  });
  for (const { network, logits, readout } of views) {
    book.measure(network, batchDice(logits, truth, readout));
  }
  return terms;
}
