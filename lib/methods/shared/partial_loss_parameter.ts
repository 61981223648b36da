/**
 * The parameter by which a method says which losses of partial labels it supports.
 *
 * @module
 */
import type { PartialLossKind } from "../../losses/partial/partial_loss_kind.ts";
import { choice, type Parameter } from "../definition/parameter.ts";
import { oneOf } from "../definition/rules.ts";

/** The first is the default; any other than these is refused where parameters are checked, before anything starts. */
export function partialLossParameter<const K extends PartialLossKind>(
  ...supported: readonly [K, K, ...K[]]
): Parameter<K> {
  return choice(supported, supported[0], `loss where labels are missing: ${oneOf(...supported).words}`);
}
