/**
 * Tensors that TensorFlow's updates change in place.
 *
 * A kernel that makes a new tensor of every intermediate reads and writes the memory of an update about thirty times; the
 * update kernels, which work on variables of TensorFlow's own, do all of it in one look at each number.
 *
 * @module
 */
import { attribute, FLOAT32, type Handle, type KernelScope } from "./kernels.ts";

const OF_VARIABLE = [attribute("dtype", "type", FLOAT32)];
/** A variable exists from its first value on. */
const IF_THERE = [attribute("ignore_lookup_error", "bool", true)];

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
      ...OF_VARIABLE,
      attribute("shape", "shape", []),
      attribute("shared_name", "string", `stored ${made++}`),
      attribute("container", "string", ""),
    ]);
  }

  /** Shares the memory of `value`; who changes one of both afterwards gets a copy. */
  assign(value: Handle): void {
    this.#scope.run("AssignVariableOp", [this.handle, value], OF_VARIABLE, 0);
  }

  /** The value, sharing memory in the same way; it lives in the given scope. */
  read(scope: KernelScope): Handle {
    return scope.run("ReadVariableOp", [this.handle], OF_VARIABLE)[0];
  }

  dispose(): void {
    this.#scope.run("DestroyResourceOp", [this.handle], IF_THERE, 0);
    this.#scope.free(this.handle);
  }
}
