/**
 * Tensors that TensorFlow's updates change in place.
 *
 * A kernel that makes a new tensor of every intermediate reads and writes the memory of an update about thirty times; the
 * update kernels, which work on variables of TensorFlow's own, do all of it in one look at each number.
 *
 * @module
 */
import { attribute, FLOAT32, type Handle, type KernelScope } from "./kernels.ts";

/** Names that TensorFlow tells variables apart by, within a process. */
let made = 0;

/** One variable of TensorFlow, float32. Unlike tfjs's variables it can be an input of kernels that change it. */
export class StoredTensor {
  /** What such kernels take. */
  readonly handle: Handle;
  readonly #scope: KernelScope;

  /** @param scope that lives as long as this */
  constructor(scope: KernelScope) {
    this.#scope = scope;
    [this.handle] = scope.run("VarHandleOp", [], [
      attribute("dtype", "type", FLOAT32),
      attribute("shape", "shape", []),
      attribute("shared_name", "string", `stored ${made++}`),
      attribute("container", "string", ""),
    ]);
  }

  /** Shares the memory of `value`; who changes one of both afterwards gets a copy. */
  assign(value: Handle): void {
    this.#scope.run("AssignVariableOp", [this.handle, value], [attribute("dtype", "type", FLOAT32)], 0);
  }

  /** The value, sharing memory in the same way; it lives in the given scope. */
  read(scope: KernelScope): Handle {
    return scope.run("ReadVariableOp", [this.handle], [attribute("dtype", "type", FLOAT32)])[0];
  }

  dispose(): void {
    // It exists from the first value on.
    const attributes = [attribute("ignore_lookup_error", "bool", true)];
    this.#scope.run("DestroyResourceOp", [this.handle], attributes, 0);
    this.#scope.free(this.handle);
  }
}
