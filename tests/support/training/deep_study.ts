/** Studies whose networks have a lower level with a head. */
import type { PreparedStudy } from "../../../lib/data/store/prepared_study.ts";
import type { Strides } from "../../../lib/models/layers.ts";

/** Level 1 has a head: of four levels, the decoder's lowest and the deepest have none. */
export const deepForm = {
  widths: [2, 3, 4, 4],
  strides: [[2, 2, 2], [1, 2, 2], [1, 1, 1]] as Strides[],
};

/** The study with such networks. @param deepSupervision left out where it is undefined */
export function deepStudy(study: PreparedStudy, deepSupervision?: true): PreparedStudy {
  return { ...study, network: { ...deepForm, ...deepSupervision && { deepSupervision } } };
}
