/**
 * What a plan's network is: how it begins, its form, and what of these is in the stage's identity.
 *
 * @module
 */
import { contentOf, type PreparedStudy } from "../data/store/prepared_study.ts";
import { contentHash } from "../files/content_hash.ts";
import { SOFTMAX } from "../models/heads/head_plan.ts";
import type { UnetOptions } from "../models/unet_options.ts";
import { weightsHash } from "../models/weights.ts";
import type { NetworkPlan, TrainingPlan } from "./plan.ts";

/** Whatever decides how a network begins and learns; what is as usual leaves no trace where it came later than stages of old. */
export async function describeNetwork(
  [name, network]: [string, NetworkPlan],
  { network: { deepSupervision } }: Pick<PreparedStudy, "network">,
) {
  const { organs, role = "learns", head = SOFTMAX, prompts = 0, decoders = 1, seed = 0 } = network;
  const { validation, from, projectionOf, supervised = true } = network;
  return {
    name,
    organs,
    role,
    head,
    ...prompts > 0 && { prompts },
    ...decoders > 1 && { decoders },
    ...deepSupervision && !supervised && { supervised },
    ...projectionOf !== undefined && { projectionOf },
    seed,
    validation: validation?.map(contentOf),
    from: from && await contentHash([from.organs, from.model.head.plan, weightsHash(from.model)]),
  };
}

type OwnStart = Pick<NetworkPlan, "head" | "prompts" | "decoders" | "seed" | "from">;

/** What of a network is its plan's own: one that follows another starts where that does, and has its form. */
export function startOf(network: NetworkPlan, plan: TrainingPlan): OwnStart {
  if (typeof network.role !== "object") return network;
  return startOf(plan.networks[network.role.follows]!, plan);
}

/** A network's form: the cohort's, and what is its plan's own. Lower levels have heads where labels teach it by them. */
export function formOf(
  network: NetworkPlan,
  { plan, study }: { plan: TrainingPlan; study: Pick<PreparedStudy, "network"> },
): Omit<UnetOptions, "classes" | "seed"> {
  const { head, prompts, decoders } = startOf(network, plan);
  const { role = "learns", supervised = true } = network;
  const deepSupervision = study.network.deepSupervision && role === "learns" && supervised;
  return { ...study.network, head, prompts, decoders, deepSupervision };
}
