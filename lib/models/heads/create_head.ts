/**
 * The head that a plan names.
 *
 * @module
 */
import { cosineHead } from "./cosine_head.ts";
import { cosinesHead } from "./cosines_head.ts";
import { datasetsHead } from "./datasets_head.ts";
import { dynamicHead } from "./dynamic_head.ts";
import type { Head, HeadForm } from "./head.ts";
import type { HeadPlan } from "./head_plan.ts";
import { levelsHead } from "./levels_head.ts";
import { sigmoidHead } from "./sigmoid_head.ts";
import { softmaxHead } from "./softmax_head.ts";

/** @throws Error when the plan does not fit the form */
export function createHead(plan: HeadPlan, form: HeadForm): Head {
  switch (plan.kind) {
    case "softmax":
      return softmaxHead(form);
    case "sigmoid":
      return sigmoidHead(form);
    case "cosine":
      return cosineHead(plan, form);
    case "cosines":
      return cosinesHead(plan, form);
    case "datasets":
      return datasetsHead(plan, form);
    case "levels":
      return levelsHead(plan, form);
    case "dynamic":
      return dynamicHead(form);
  }
}
