import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { Scalar, Tensor, Tensor5D } from "@tensorflow/tfjs-node-gpu";
import { filterGradient } from "../../lib/models/filter_gradient.ts";
import {
  cast,
  convolution,
  type ConvolutionOptions,
  instanceNormLeakyRelu,
  instanceNormLeakyReluGradient,
  type Strides,
  transposedConvolution,
} from "../../lib/models/layers.ts";
import { BFLOAT16, FLOAT32, type Handle, handleOf, KernelScope } from "../../lib/tensors/kernels.ts";
import { tf } from "../../lib/tensors/tf.ts";
import { checkGradient } from "../support/losses/finite_difference.ts";
import { assertLeavesNoTensors } from "../support/training/tiny_learners.ts";
import { inBfloat16, relativeDistance, ROUNDING } from "../support/models/in_bfloat16.ts";
import { referenceNormLeakyRelu } from "../support/models/reference_unet.ts";

type Shape5D = [number, number, number, number, number];
type Kernels<Inputs extends Handle[], Outputs extends Handle[]> = (
  scope: KernelScope,
  inputs: Inputs,
) => Outputs;
/** A tensor for each handle. */
type Tensors<Handles extends Handle[], T extends Tensor> = { [K in keyof Handles]: T };

const normal = (shape: number[], seed: number) =>
  tf.randomNormal(shape as Shape5D, 0, 1, "float32", seed) as Tensor5D;

/** Runs kernels on tensors of tfjs, in the wanted type; what they give is tfjs's, float32, and the rest is freed. */
function run<Inputs extends Handle[], Outputs extends Handle[]>(
  kernels: Kernels<Inputs, Outputs>,
  inputs: Tensors<Inputs, Tensor>,
  dtype = FLOAT32,
): Tensors<Outputs, Tensor5D> {
  const scope = new KernelScope();
  try {
    const typed = inputs.map(handleOf).map((x) =>
      x.dtype === dtype || x.shape.length === 1 ? x : cast(scope, x, dtype)
    ) as Inputs;
    return kernels(scope, typed).map((y) =>
      scope.adopt(y.dtype === FLOAT32 ? y : cast(scope, y, FLOAT32))
    ) as Tensors<Outputs, Tensor5D>;
  } finally {
    scope.dispose();
  }
}

type NormHandles = [x: Handle, scale: Handle, shift: Handle];

const normForward: Kernels<NormHandles, [y: Handle]> = (scope, [x, scale, shift]) => [
  instanceNormLeakyRelu(scope, x, { scale, shift }).y,
];

const normGradients: Kernels<[...NormHandles, dy: Handle], NormHandles> = (scope, [x, scale, shift, dy]) => {
  const weights = { scale, shift };
  const gradient = instanceNormLeakyReluGradient(
    scope,
    { dy, ...instanceNormLeakyRelu(scope, x, weights) },
    weights,
  );
  return [gradient.dx, gradient.scale, gradient.shift];
};

const largest = (x: Tensor) => tf.max(tf.abs(x)).dataSync()[0]!;

/** Inputs of a norm, and the gradient by its output. */
type NormInputs = [x: Tensor, scale: Tensor, shift: Tensor, dy: Tensor];

function normInputs(shape: Shape5D): NormInputs {
  const weight = (seed: number) => tf.randomNormal([shape[4]], 0.3, 1, "float32", seed);
  return [tf.randomNormal(shape, 2, 3, "float32", 1), weight(2), weight(3), normal(shape, 4)];
}

/** Output and gradients, as kernels give them. */
function normOutputs([x, scale, shift, dy]: NormInputs, dtype = FLOAT32): Tensor[] {
  return [
    ...run(normForward, [x, scale, shift], dtype),
    ...run(normGradients, [x, scale, shift, dy], dtype),
  ];
}

/** The same by the norm's definition. */
function referenceNorm([x, scale, shift, dy]: NormInputs): Tensor[] {
  const { value, grads } = tf.valueAndGrads((x, scale, shift) =>
    tf.sum(tf.mul(referenceNormLeakyRelu(x, { scale, shift }), dy))
  )([x, scale, shift]);
  value.dispose();
  return [referenceNormLeakyRelu(x, { scale, shift }), ...grads];
}

const shapes: Shape5D[] = [
  [1, 3, 4, 5, 2],
  [2, 3, 4, 5, 2],
  [3, 3, 4, 5, 2],
  [1, 1, 1, 2, 3],
  [1, 2, 8, 6, 16],
];
for (const shape of shapes) {
  Deno.test(`instance norm and leaky ReLU equal their definition, values and gradients, [${shape}]`, () => {
    tf.tidy(() => {
      const inputs = normInputs(shape);
      const actual = normOutputs(inputs);
      referenceNorm(inputs).forEach((expected, i) => {
        const given = actual[i]!;
        assertEquals(given.shape, expected.shape);
        const apart = largest(tf.sub(given, expected));
        assert(apart < 2e-5 * (1 + largest(expected)), `${i}: ${apart}`);
      });
    });
  });
}

Deno.test("instance norm and leaky ReLU: samples do not see each other", () => {
  tf.tidy(() => {
    const [a, scale, shift] = normInputs([1, 2, 2, 2, 2]);
    const batch = tf.concat([a, tf.mul(normal([1, 2, 2, 2, 2], 5), 100)]);
    const [together] = run(normForward, [batch, scale, shift]), [alone] = run(normForward, [a, scale, shift]);
    // But for rounding: kernels may differ with the batch. The other sample is a hundred times as large.
    const apart = largest(tf.sub(tf.split(together, 2)[0]!, alone));
    assert(apart < 1e-5, `${apart}`);
  });
});

inBfloat16("instance norm and leaky ReLU in bfloat16 are float32's but for rounding", () => {
  tf.tidy(() => {
    const inputs = normInputs([2, 4, 6, 8, 4]);
    const actual = normOutputs(inputs, BFLOAT16);
    referenceNorm(inputs).forEach((expected, i) => {
      const error = relativeDistance(actual[i]!, expected);
      assert(error > 0 && error < 4 * ROUNDING, `${i}: ${error}`);
    });
  });
});

/** A convolution or a transposed one as an operation of tfjs: by its value and gradients. */
interface Operation {
  value: Kernels<[x: Handle, filter: Handle], [y: Handle]>;
  gradients: Kernels<[x: Handle, filter: Handle, dy: Handle], [byX: Handle, byFilter: Handle]>;
}

const plain = (form: ConvolutionOptions): Operation => ({
  value: (scope, [x, filter]) => [convolution(scope, { x, filter }, form)],
  gradients: (scope, [x, filter, dy]) => [
    transposedConvolution(scope, { dy, filter, shape: x.shape }, form),
    filterGradient(scope, { x, dy, filter }, form),
  ],
});

const transposed = (shape: number[], form: ConvolutionOptions): Operation => ({
  value: (scope, [x, filter]) => [transposedConvolution(scope, { dy: x, filter, shape }, form)],
  gradients: (scope, [x, filter, dy]) => [
    convolution(scope, { x: dy, filter }, form),
    filterGradient(scope, { x: dy, dy: x, filter }, form),
  ],
});

function differentiable({ value, gradients }: Operation): (x: Tensor, filter: Tensor) => Tensor {
  return tf.customGrad((...args: unknown[]) => {
    const [x, filter, save] = args as [Tensor, Tensor, (tensors: Tensor[]) => void];
    save([x, filter]);
    return {
      value: run(value, [x, filter])[0],
      gradFunc: (dy: Tensor, saved: Tensor[]) => run(gradients, [...saved as [Tensor, Tensor], dy]),
    };
  });
}

Deno.test("transposed convolution by hand: each input voxel writes its block", () => {
  tf.tidy(() => {
    const x = tf.tensor5d([2, 3], [1, 1, 1, 2, 1]), filter = tf.tensor5d([10, 1], [1, 1, 2, 1, 1]);
    const { value } = transposed([1, 1, 1, 4, 1], { strides: [1, 1, 2], padding: "VALID" });
    assertEquals([...run(value, [x, filter])[0].dataSync()], [20, 2, 30, 3]);
  });
});

const cases: [strides: Strides, kernel: Strides, padding: "SAME" | "VALID"][] = [
  [[2, 2, 2], [2, 2, 2], "VALID"],
  [[1, 2, 2], [1, 2, 2], "VALID"],
  [[2, 2, 2], [3, 3, 3], "SAME"],
  [[1, 1, 1], [3, 3, 3], "SAME"],
];
for (const [strides, kernel, padding] of cases) {
  const small = [2, 2, 1, 2, 3], large = [2, 2 * strides[0], strides[1], 2 * strides[2], 2];
  const operations: [name: string, from: number[], operation: Operation][] = [
    ["convolution", large, plain({ strides, padding })],
    ["transposed convolution", small, transposed(large, { strides, padding })],
  ];
  for (const [name, from, operation] of operations) {
    Deno.test(`${name}: gradients equal finite differences, strides ${strides}, kernel ${kernel}`, () => {
      tf.tidy(() => {
        const x = normal(from, 1), filter = normal([...kernel, 2, 3], 2);
        const weights = normal(from === large ? small : large, 3);
        const convolved = differentiable(operation);
        const loss = (x: Tensor, filter: Tensor) => tf.mean(tf.mul(convolved(x, filter), weights)) as Scalar;
        // The loss is linear in each, so a large step costs nothing and keeps rounding out.
        checkGradient((x) => loss(x, filter), x, { step: 1, tolerance: 1e-4 });
        checkGradient((filter) => loss(x, filter), filter, { step: 1, tolerance: 1e-4 });
      });
    });
  }
}

Deno.test("transposed convolution is the adjoint of convolution", () => {
  tf.tidy(() => {
    const filter = normal([2, 2, 2, 2, 3], 1), small = normal([1, 2, 2, 2, 3], 2);
    const large = normal([1, 4, 4, 4, 2], 3);
    const form: ConvolutionOptions = { strides: [2, 2, 2], padding: "VALID" };
    const dot = (a: Tensor, b: Tensor) => tf.sum(tf.mul(a, b)).dataSync()[0]!;
    const [up] = run(transposed(large.shape, form).value, [small, filter]);
    const [down] = run(plain(form).value, [large, filter]);
    assertAlmostEquals(dot(up, large), dot(small, down), 1e-4);
  });
});

inBfloat16("a cast rounds to the nearest bfloat16", () => {
  tf.tidy(() => {
    // 1 + 2⁻⁸ lies half way between two bfloat16 numbers and goes to the even one; 1 + 3·2⁻⁹ to the nearer one.
    const x = tf.tensor1d([1, -2, 1 + 2 ** -8, 1 + 3 * 2 ** -9, 0]);
    const [there] = run((scope, [x]: [Handle]): [Handle] => [cast(scope, x, BFLOAT16)], [x]);
    assertEquals([...there.dataSync()], [1, -2, 1, 1 + 2 ** -7, 0]);
  });
});

for (const strides of [[1, 1, 1], [2, 2, 2], [1, 2, 2]] as Strides[]) {
  inBfloat16(
    `convolutions in bfloat16 and their gradients are float32's but for rounding, strides ${strides}`,
    () => {
      tf.tidy(() => {
        const small = [2, 4, 6, 8, 4], large = [2, 4 * strides[0], 6 * strides[1], 8 * strides[2], 6];
        const down: Shape5D = [2, Math.ceil(4 / strides[0]), 6 / strides[1], 8 / strides[2], 6];
        const operations: [operation: Operation, inputs: [x: Tensor, filter: Tensor, dy: Tensor]][] = [
          [plain({ strides, padding: "SAME" }), [
            normal(small, 1),
            normal([3, 3, 3, 4, 6], 2),
            normal(down, 3),
          ]],
          [
            transposed(large, { strides, padding: "VALID" }),
            [normal(small, 1), normal([...strides, 6, 4], 2), normal(large, 3)],
          ],
        ];
        for (const [{ value, gradients }, [x, filter, dy]] of operations) {
          const outputs = (dtype: number) => [
            ...run(value, [x, filter], dtype),
            ...run(gradients, [x, filter, dy], dtype),
          ];
          const half = outputs(BFLOAT16), full = outputs(FLOAT32);
          half.forEach((tensor, i) => {
            const exact = full[i]!;
            assertEquals(tensor.shape, exact.shape);
            const error = relativeDistance(tensor, exact);
            assert(error > 0 && error < 3 * ROUNDING, `${["value", "x", "filter"][i]}: ${error}`);
          });
        }
      });
    },
  );
}

Deno.test("layers leave no tensors behind", () =>
  assertLeavesNoTensors(() => {
    const inputs = normInputs([2, 2, 2, 2, 2]), filter = tf.ones([3, 3, 3, 2, 2]);
    const { value, gradients } = plain({ strides: [1, 1, 1], padding: "SAME" });
    const [x, , , dy] = inputs;
    tf.dispose([
      ...normOutputs(inputs),
      ...run(value, [x, filter]),
      ...run(gradients, [x, filter, dy]),
    ]);
    tf.dispose([...inputs, filter]);
  }));
