/**
 * Euclidean norm over tensors.
 *
 * @module
 */
import { attribute, type Handle, type KernelScope, OF_FLOAT32 } from "./kernels.ts";

/** @param tensors float32, at least one; they stay as they are */
export function normOf(scope: KernelScope, tensors: readonly Handle[]): number {
  const halves = tensors.map((tensor) => scope.run("L2Loss", [tensor], OF_FLOAT32)[0]);
  const sum = scope.adopt(
    scope.run("AddN", halves, [...OF_FLOAT32, attribute("N", "int", halves.length)])[0],
  );
  const [half] = sum.dataSync();
  sum.dispose();
  return Math.sqrt(2 * half!);
}
