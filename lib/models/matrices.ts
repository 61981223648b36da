/**
 * Products of small matrices, and sums of rows, as kernels in float32.
 *
 * @module
 */
import { attribute, FLOAT32, type Handle, integers, type KernelScope } from "../tensors/kernels.ts";
import { attributesOf } from "./layers.ts";

/** A B, or A Bᵀ. A is [row, inner], B [inner, column], transposed [column, inner]. */
export function matrixProduct(
  scope: KernelScope,
  factors: readonly [a: Handle, b: Handle],
  { transposed = false } = {},
): Handle {
  const attributes = attributesOf(`matrix product ${transposed}`, () => [
    attribute("T", "type", FLOAT32),
    attribute("transpose_a", "bool", false),
    attribute("transpose_b", "bool", transposed),
  ]);
  return scope.run("MatMul", factors, attributes)[0];
}

/** Sums along the last axis, which stays, of length 1. */
export function rowSums(scope: KernelScope, x: Handle): Handle {
  const attributes = attributesOf("row sums", () => [
    attribute("T", "type", FLOAT32),
    attribute("Tidx", "type", integers(-1).dtype),
    attribute("keep_dims", "bool", true),
  ]);
  return scope.run("Sum", [x, integers(-1)], attributes)[0];
}
