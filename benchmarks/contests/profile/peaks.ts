/**
 * What the machine can do at best: multiplications of large matrices, and sums of arrays larger than its caches.
 *
 * deno run -A peaks.ts <float32 | bfloat16 | memory>; a repetition's output is GFLOP/s, or GB/s read and written
 *
 * @module
 */
import { serveContestant } from "../../harness/serve_contestant.ts";
import { attribute, BFLOAT16, FLOAT32, handleOf, KernelScope } from "../../../lib/tensors/kernels.ts";
import { tf } from "../../../lib/tensors/tf.ts";

const [what] = Deno.args;
const SIDE = 3072, NUMBERS = 2 ** 27;

await serveContestant(() => {
  const scope = new KernelScope();
  const dtype = what === "bfloat16" ? BFLOAT16 : FLOAT32;
  const type = attribute("T", "type", dtype);
  const plain = handleOf(
    what === "memory" ? tf.ones([NUMBERS]) : tf.randomUniform([SIDE, SIDE], -1, 1, "float32", 1),
  );
  const [a] = scope.run("Cast", [plain], [
    attribute("SrcT", "type", FLOAT32),
    attribute("DstT", "type", dtype),
    attribute("Truncate", "bool", false),
  ]);
  const multiply = [type, attribute("transpose_a", "bool", false), attribute("transpose_b", "bool", false)];
  return Promise.resolve(() => {
    const start = performance.now();
    scope.free(
      ...what === "memory" ? scope.run("AddV2", [a, a], [type]) : scope.run("MatMul", [a, a], multiply),
    );
    const seconds = (performance.now() - start) / 1000;
    // Both inputs of the sum are the same array, which is read once.
    return [(what === "memory" ? 2 * 4 * NUMBERS : 2 * SIDE ** 3) / seconds / 1e9];
  });
});
