import { assertEquals, assertThrows } from "@std/assert";
import { attribute, FLOAT32, handleOf, KernelScope } from "../../lib/tensors/kernels.ts";
import { StoredTensor } from "../../lib/tensors/stored_tensor.ts";
import { tf } from "../../lib/tensors/tf.ts";

Deno.test("a stored tensor changes in place, and neither what it was assigned nor what was read of it does", () => {
  const scope = new KernelScope();
  const first = tf.tensor1d([1, 2]), more = tf.tensor1d([10, 20]);
  const stored = new StoredTensor(scope), other = new StoredTensor(scope);
  const valueOf = (from: StoredTensor) => {
    const tensor = scope.adopt(from.read(scope));
    const value = [...tensor.dataSync()];
    tensor.dispose();
    return value;
  };
  stored.assign(handleOf(first));
  other.assign(handleOf(more));
  const before = scope.adopt(stored.read(scope));
  const attributes = [attribute("dtype", "type", FLOAT32)];
  scope.run("AssignAddVariableOp", [stored.handle, handleOf(more)], attributes, 0);
  assertEquals(valueOf(stored), [11, 22]);
  assertEquals(valueOf(other), [10, 20]);
  assertEquals([...before.dataSync(), ...first.dataSync()], [1, 2, 1, 2]);
  stored.dispose();
  assertThrows(() => stored.read(scope));
  other.dispose();
  scope.dispose();
  tf.dispose([first, more, before]);
});
