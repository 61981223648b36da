/** Outlines filled: by hand, and held against scikit-image (fixtures by tests/peers/dicom.py). */
import { assertEquals } from "@std/assert";
import { cross, fillOutlines } from "../../lib/dicom/fill_contours.ts";
import { dicomFixture } from "../support/dicom/dicom_fixture.ts";

const filled = (outlines: number[][], { width, height }: { width: number; height: number }) => {
  const pixels = fillOutlines(outlines.map((outline) => Float64Array.from(outline)), { width, height });
  return Array.from({ length: height }, (_, y) => pixels.slice(y * width, (y + 1) * width).join(""));
};

/** Corners of a rectangle. */
const box = (x1: number, y1: number, x2: number, y2: number) => [x1, y1, x2, y1, x2, y2, x1, y2];

const cases: [about: string, outlines: number[][], picture: string[]][] = [
  ["between centres, those inside", [box(0.5, 0.5, 2.5, 3.4)], ["00000", "01100", "01100", "01100", "00000"]],
  ["through centres, those on it too", [box(1, 1, 3, 3)], ["00000", "01110", "01110", "01110", "00000"]],
  ["printed a little beside centres, as through them", [box(1.004, 1.004, 2.996, 2.996)], [
    "00000",
    "01110",
    "01110",
    "01110",
    "00000",
  ]],
  ["within another one a hole", [box(-0.5, -0.5, 4.5, 4.5), box(0.5, 0.5, 3.5, 3.5)], [
    "11111",
    "10001",
    "10001",
    "10001",
    "11111",
  ]],
  ["within a hole an island", [box(-0.5, -0.5, 4.5, 4.5), box(0.5, 0.5, 3.5, 3.5), box(1.5, 1.5, 2.5, 2.5)], [
    "11111",
    "10001",
    "10101",
    "10001",
    "11111",
  ]],
  ["a keyhole, in and out by one way, is a ring", [
    [
      -0.5,
      -0.5,
      4.5,
      -0.5,
      4.5,
      4.5,
      -0.5,
      4.5,
      -0.5,
      2.2,
      0.5,
      2.2,
      0.5,
      3.5,
      3.5,
      3.5,
      3.5,
      0.5,
      0.5,
      0.5,
      0.5,
      2.2,
      -0.5,
      2.2,
    ],
  ], ["11111", "10001", "10001", "10001", "11111"]],
  ["reaching beyond the slice, cut off", [box(2.5, -7, 99, 1.5)], [
    "00011",
    "00011",
    "00000",
    "00000",
    "00000",
  ]],
  ["a single corner on a centre, that one", [[2, 3]], ["00000", "00000", "00000", "00100", "00000"]],
  ["a line along a diagonal, its centres", [[0, 0, 3, 3]], ["10000", "01000", "00100", "00010", "00000"]],
  ["a flat line beside centres, none", [[0, 1.3, 4, 1.4]], ["00000", "00000", "00000", "00000", "00000"]],
];
for (const [about, outlines, picture] of cases) {
  Deno.test(`an outline: ${about}`, () => assertEquals(filled(outlines, { width: 5, height: 5 }), picture));
}

interface Outlines {
  width: number;
  height: number;
  outlines: number[][];
  /** `?`: too near to a line to say. */
  inside: string;
}

Deno.test("outlines between pixels, some crossing, are filled as by scikit-image", async () => {
  let compared = 0;
  for (const { width, height, outlines, inside } of await dicomFixture<Outlines[]>("outlines")) {
    const ours = filled(outlines, { width, height }).join("");
    assertEquals([...ours].map((value, pixel) => inside[pixel] === "?" ? "?" : value).join(""), inside);
    compared += [...inside].filter((value) => value !== "?").length;
  }
  assertEquals(compared > 2500, true);
});

Deno.test("outlines cross where each has its own and some is of both", () => {
  const size = { width: 9, height: 9 };
  const crossing = (a: number[], b: number[]) => cross(Float64Array.from(a), Float64Array.from(b), size);
  assertEquals(crossing(box(0, 0, 4, 4), box(3, 3, 7, 7)), true);
  assertEquals(crossing(box(0, 0, 7, 7), box(3, 3, 5, 5)), false);
  assertEquals(crossing(box(0, 0, 2, 2), box(4, 4, 6, 6)), false);
});
