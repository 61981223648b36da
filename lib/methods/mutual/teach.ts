/**
 * Dynamic feature similarity at work: who teaches whom on one batch.
 *
 * @module
 */
import type { LabelTargets } from "../../losses/allowed.ts";
import type { Term, View } from "../../training/plan.ts";
import { commonSpaceTerms } from "./common_space.ts";
import { featureSimilarity, type FeatureSimilarityOptions } from "./feature_similarity.ts";
import type { LessonBook } from "./lesson_book.ts";

export interface TeachOptions extends Pick<FeatureSimilarityOptions, "form"> {
  /** The batch's true labels. */
  truth: LabelTargets;
  book: LessonBook;
  /** Name of the batch's dataset. */
  dataset: string;
  weight: number;
}

/** Each model learns each organ's features from the best of the models at hand, where the book says that it is better enough. */
export function teach(
  views: readonly View[],
  { truth, book, dataset, weight, form }: TeachOptions,
): Term[] {
  // Of a group no model has a channel: it cannot be taught as one organ.
  const { channels } = truth.tables[0];
  const organs = channels.filter((organ) => truth.tables.some(({ trueSet }) => trueSet.includes(organ)));
  const present = views.map(({ network }) => network);
  return views.flatMap(({ network, features }, i): Term[] => {
    const lessons = organs.flatMap((organ) => {
      const teacher = book.choose(network, organ, { among: present, dataset });
      return teacher === undefined ? [] : [{ organ, features: views[present.indexOf(teacher)]!.features }];
    });
    const value = featureSimilarity(features, lessons, { targets: truth, form });
    const compared = form !== "relations" && i > 0;
    return [
      { network, name: "feature_similarity", value, weight },
      ...compared ? commonSpaceTerms(network, { features, others: views[0]!.features, truth }) : [],
    ];
  });
}
