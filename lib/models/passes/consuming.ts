/**
 * Kernels that take over what they are given: it is freed, as far as it is the scope's. What belongs to others stays.
 *
 * @module
 */
import type { Handle, KernelScope } from "../../tensors/kernels.ts";
import { added, cast } from "../layers.ts";

/** What was made of some tensors, which are freed. */
export function freeing<T extends Handle | undefined>(
  scope: KernelScope,
  old: readonly Handle[],
  made: T,
): T {
  scope.free(...old);
  return made;
}

/** a + b, of equal shape. */
export function sum(scope: KernelScope, a: Handle, b: Handle): Handle {
  return freeing(scope, [a, b], added(scope, [a, b]));
}

/** In the wanted type; `x` itself where it has that. */
export function inType(scope: KernelScope, x: Handle, dtype: number): Handle {
  return x.dtype === dtype ? x : freeing(scope, [x], cast(scope, x, dtype));
}
