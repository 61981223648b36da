import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  boxAround,
  parseTransform,
  pathBox,
  transformBox,
  union,
} from "../../../lib/plots/rendering/svg_matrix.ts";

const unit = { x: 0, y: 0, width: 2, height: 1 };

for (
  const [transform, [x, y, width, height]] of [
    ["translate(3,4)", [3, 4, 2, 1]],
    ["translate(3)", [3, 0, 2, 1]],
    ["scale(2)", [0, 0, 4, 2]],
    ["scale(2 3)", [0, 0, 4, 3]],
    ["rotate(90)", [-1, 0, 1, 2]],
    ["rotate(90,1,1)", [1, 0, 1, 2]], // (x, y) → (2 - y, x)
    ["matrix(1,0,0,-1,5,6)", [5, 5, 2, 1]],
    ["translate(10,0)rotate(180)", [8, -1, 2, 1]], // turned first, then moved
    [null, [0, 0, 2, 1]],
  ] as [string | null, number[]][]
) {
  Deno.test(`transform ${transform} of a box`, () => {
    const box = transformBox(unit, parseTransform(transform));
    [box.x, box.y, box.width, box.height].forEach((value, i) =>
      assertAlmostEquals(value, [x, y, width, height][i], 1e-9)
    );
  });
}

for (
  const [path, [x, y, width, height]] of [
    ["M1,2L4,6Z", [1, 2, 3, 4]],
    ["M1,2h3v-4H0", [0, -2, 4, 4]],
    ["m1-2l.5.5", [1, -2, 0.5, 0.5]],
    ["M6,0A6,6 0 1,1 0,-6", [0, -6, 6, 6]],
    ["M0,0C1,9 2,9 3,1", [0, 0, 3, 1]],
    ["M1e1,0L2e-1,1", [0.2, 0, 9.8, 1]],
    ["", [0, 0, 0, 0]],
  ] as [string, number[]][]
) {
  Deno.test(`box of path "${path}"`, () => {
    const box = pathBox(path);
    [box.x, box.y, box.width, box.height].forEach((value, i) =>
      assertAlmostEquals(value, [x, y, width, height][i], 1e-9)
    );
  });
}

Deno.test("a union leaves out empty boxes", () => {
  assertEquals(union([boxAround([]), { x: 5, y: 5, width: 1, height: 2 }]), {
    x: 5,
    y: 5,
    width: 1,
    height: 2,
  });
});
