/**
 * All methods, in the order of tables and figures: whoever wants to know which experiments, arms and parameters there are asks
 * here.
 *
 * @module
 */
import { dodnet } from "./dodnet.ts";
import { labelDropout } from "./label_dropout.ts";
import { meanTeacher } from "./mean_teacher.ts";
import type { Method } from "./definition/method.ts";
import { multiLevel } from "./multi_level/multi_level.ts";
import { multiTalent } from "./multi_talent.ts";
import { mutual } from "./mutual/mutual.ts";
import { partialMerged } from "./partial_merged.ts";
import { pooled } from "./pooled.ts";
import { scribblesForAll } from "./scribbles_for_all.ts";
import { sentenceEmbeddings } from "./sentence_embeddings.ts";
import { singleMarginal } from "./single_marginal.ts";
import { singleNaive } from "./single_naive.ts";
import { uniseg } from "./uniseg/uniseg.ts";

export const methods: readonly Method[] = [
  mutual,
  pooled,
  partialMerged,
  singleMarginal,
  singleNaive,
  labelDropout,
  meanTeacher,
  scribblesForAll,
  multiLevel,
  sentenceEmbeddings,
  uniseg,
  multiTalent,
  dodnet,
] as unknown as readonly Method[];
