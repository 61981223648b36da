/** Slices in order, and what is no grid. */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DicomError } from "../../lib/dicom/dicom_error.ts";
import type { Frame } from "../../lib/dicom/frame.ts";
import { stackOf } from "../../lib/dicom/stack.ts";

/** Axial slices of 3 rows and 4 columns at places along z. */
function slices(
  places: number[],
  change: (frame: Frame, index: number) => Partial<Frame> = () => ({}),
): Frame[] {
  return places.map((z, index): Frame => {
    const frame: Frame = {
      path: `${index}.dcm`,
      instance: { sopClass: "1", uid: String(index) },
      index: 0,
      number: index + 1,
      size: [3, 4],
      position: [10, 20, z],
      alongRow: [1, 0, 0],
      alongColumn: [0, 1, 0],
      spacing: [2, 1.5],
      slope: 1,
      intercept: 0,
      thickness: 3,
    };
    return { ...frame, ...change(frame, index) };
  });
}

Deno.test("slices are ordered by place along the normal; the affine is in RAS+", () => {
  const { frames, shape, affine, notes } = stackOf(slices([6, 0, 3]));
  assertEquals(frames.map(({ number }) => number), [2, 3, 1]);
  assertEquals(shape, [3, 3, 4]);
  assertEquals(affine, [[-1.5, 0, 0, -10], [0, -2, 0, -20], [0, 0, 3, 0], [0, 0, 0, 1]]);
  assertEquals(notes, []);
});

Deno.test("of coronal slices the normal runs to the back: row × column", () => {
  const { frames, affine } = stackOf(
    slices(
      [0, 0, 0],
      (_, index) => ({ alongRow: [1, 0, 0], alongColumn: [0, 0, -1], position: [0, -3 * index, 0] }),
    ),
  );
  // x × -z = y of LPS+, which is the back.
  assertEquals(frames.map(({ number }) => number), [3, 2, 1]);
  assertEquals(affine, [[-1.5, 0, 0, 0], [0, 0, -3, 6], [0, -2, 0, 0], [0, 0, 0, 1]]);
});

Deno.test("a single slice is as thick as it says", () => {
  assertEquals(stackOf(slices([7])).affine[2], [0, 0, 3, 7]);
  assertThrows(
    () => stackOf(slices([7], () => ({ thickness: undefined }))),
    DicomError,
    "SliceThickness, it has none",
  );
});

Deno.test("regular gaps between slices are told, rounding is not", () => {
  assertEquals(stackOf(slices([0, 6, 12])).notes, [
    "slices of 3 mm are 6 mm apart: what lies between is taken from them",
  ]);
  const rounded = stackOf(slices([0, 2.99, 6, 9.01]));
  assertEquals(rounded.notes, []);
  assertAlmostEquals(rounded.affine[2]![2]!, 9.01 / 3);
});

const refused: [about: string, frames: Frame[], message: string][] = [
  [
    "one slice missing",
    slices([0, 3, 9, 12]),
    "there are missing 1 between 2 and 3 (InstanceNumber) (0.dcm)",
  ],
  ["several missing", slices([0, 3, 12, 15, 21]), "missing 2 between 2 and 3, 1 between 4 and 5"],
  [
    "uneven distances",
    slices([0, 3, 6, 10, 13]),
    "evenly far apart, most are by 3 mm, slices 3 and 4 by 4 mm (3.dcm)",
  ],
  ["two at one place", slices([0, 3, 3, 6]), "slices 2 and 3 lie at one place (3 mm along the normal)"],
  [
    "a tilted gantry",
    slices([0, 3, 6], (_, index) => ({ position: [0, 0.5 * index, 3 * index] })),
    "each is shifted by 0.5 mm (a tilted gantry)",
  ],
  [
    "one off the line",
    slices([0, 3, 6], ({ position: [x, y, z] }, index) => ({ position: [index === 1 ? x + 1 : x, y, z] })),
    "slice 2 is 1 mm off (1.dcm)",
  ],
  [
    "other sizes",
    slices([0, 3], (_, index) => ({ size: [3, 4 + index] })),
    "one size, there are 3×4 and 3×5 rows×columns (1.dcm)",
  ],
  [
    "other spacings",
    slices([0, 3], (_, index) => ({ spacing: [2, 1.5 + index] })),
    "one PixelSpacing, there are 2\\1.5 and 2\\2.5",
  ],
  [
    "other directions",
    slices([0, 3], (_, index) => index === 0 ? {} : { alongRow: [0, 1, 0], alongColumn: [-1, 0, 0] }),
    "must be parallel",
  ],
];
for (const [about, frames, message] of refused) {
  Deno.test(`no grid: ${about}`, () => {
    const error = assertThrows(() => stackOf(frames), DicomError);
    assert(error.message.includes(message), error.message);
  });
}
