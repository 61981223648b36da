/** RTSTRUCT on a grid: places, and what is refused or told. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { DicomError } from "../../lib/dicom/dicom_error.ts";
import { DicomFields } from "../../lib/dicom/dicom_fields.ts";
import type { LabelContent } from "../../lib/dicom/label_structure.ts";
import { matchSeries } from "../../lib/dicom/match_series.ts";
import { paintOrgans } from "../../lib/dicom/paint_organs.ts";
import type { Series } from "../../lib/dicom/series.ts";
import { type Stack, stackOf } from "../../lib/dicom/stack.ts";
import { structureSetContent } from "../../lib/dicom/structure_set.ts";

/** Four slices of 5 rows and 6 columns, rows 2 mm and columns 0.5 mm apart, in directions of nobody's axes. */
const alongRow = [0.6, 0.8, 0] as const, alongColumn = [0, 0, -1] as const, normal = [-0.8, 0.6, 0] as const;
const at = (x: number, y: number, z: number) =>
  [0, 1, 2].map((axis) =>
    [10, -20, 5][axis]! + 0.5 * x * alongRow[axis]! + 2 * y * alongColumn[axis]! + 3 * z * normal[axis]!
  );
const stack: Stack = stackOf([0, 1, 2, 3].map((z) => ({
  path: "scan.dcm",
  instance: { sopClass: "1", uid: String(z) },
  index: 0,
  number: z,
  size: [5, 6],
  position: at(0, 0, z) as [number, number, number],
  alongRow: [...alongRow],
  alongColumn: [...alongColumn],
  spacing: [2, 0.5],
  slope: 1,
  intercept: 0,
})));

const box = ([x1, y1, x2, y2]: number[], z: number | ((corner: number) => number)) =>
  [[x1, y1], [x2, y1], [x2, y2], [x1, y2]].flatMap(([x, y], corner) =>
    at(x!, y!, typeof z === "number" ? z : z(corner))
  );

function contentOf(contours: { data: number[]; kind?: string }[]): LabelContent {
  const path = "structures.dcm";
  return structureSetContent({
    path,
    transferSyntax: "",
    fields: new DicomFields(path, {
      StructureSetROISequence: [{ ROINumber: 4, ROIName: "Liver", ReferencedFrameOfReferenceUID: "1.2" }],
      ROIContourSequence: [{
        ReferencedROINumber: 4,
        ContourSequence: contours.map(({ data, kind = "CLOSED_PLANAR" }) => ({
          ContourGeometricType: kind,
          ContourData: data,
        })),
      }],
    }),
  });
}

const drawn = (contours: { data: number[]; kind?: string }[]) =>
  contentOf(contours).structures[0]!.draw(stack);

Deno.test("outlines lie where their coordinates are, whatever the directions and spacings", () => {
  const { mask, notes } = drawn([{ data: box([0.5, 1.5, 3.5, 3.5], 1) }, {
    data: box([1.5, 0.5, 4.5, 2.5], 2),
  }]);
  const rows = Array.from({ length: 20 }, (_, row) => mask.slice(6 * row, 6 * row + 6).join(""));
  const none = "000000";
  assertEquals(rows.slice(0, 5), [none, none, none, none, none]);
  assertEquals(rows.slice(5, 10), [none, none, "011100", "011100", none]);
  assertEquals(rows.slice(10, 15), [none, "001110", "001110", none, none]);
  assertEquals(rows.slice(15), [none, none, none, none, none]);
  assertEquals(notes, []);
});

const told: [contours: { data: number[]; kind?: string }[], note: string][] = [
  [
    [{ data: box([0, 0, 2, 2], 0) }, { data: box([0, 0, 2, 2], 3) }],
    "2 slices between its first and its last have no outline",
  ],
  [
    [{ data: box([0, 0, 3, 3], 0) }, { data: box([2, 2, 5, 4], 0) }],
    "outlines cross on 1 slices, the first is 1",
  ],
  [[{ data: box([-9, 0, 3, 3], 0) }], "1 outlines reach beyond the slices"],
];
for (const [contours, note] of told) {
  Deno.test(`told: ${note}`, () =>
    assert(drawn(contours).notes[0]!.includes(note), String(drawn(contours).notes)));
}

const refused: [contours: { data: number[]; kind?: string }[], message: string][] = [
  [
    [{ data: box([0, 0, 2, 2], 1.4) }],
    "one is 0.40 of the distance between slices away from slice 2 of 4 (structures.dcm)",
  ],
  [
    [{ data: box([0, 0, 2, 2], (corner) => corner / 3) }],
    "one is 1.00 of the distance between slices away from slice 1",
  ],
  [[{ data: box([0, 0, 2, 2], 4) }], "one lies beyond the 4 of the series"],
  [[{ data: [1, 2, 3, 4] }], "three numbers a corner, one has 4"],
  [[{ data: box([0, 0, 2, 2], 1) }, { data: [1, 2, 3], kind: "CURVED" }], "one is CURVED"],
];
for (const [contours, message] of refused) {
  Deno.test(`refused: ${message}`, () => {
    const error = assertThrows(() => drawn(contours), DicomError);
    assert(error.message.includes(message), error.message);
  });
}

Deno.test("structures without an outline that closes are none, and named", () => {
  assertEquals(contentOf([]).leftOut, ["Liver (nothing is drawn)"]);
  const points = contentOf([{ data: [1, 2, 3], kind: "POINT" }]);
  assertEquals([points.structures, points.leftOut], [[], ["Liver (has no outline that closes: POINT)"]]);
});

const series = (uid: string, frameOfReference: string, patient = "P"): Series => ({
  uid,
  patient: { id: patient, name: "" },
  modality: "CT",
  frameOfReference,
  instances: new Set([`${uid}.1`]),
  frames: [],
  description: "",
  order: uid,
});
const here = [series("1", "F"), series("2", "F"), series("3", "G"), series("4", "H", "Q")];
const matches: [about: string, content: Partial<LabelContent>, found: string | RegExp][] = [
  ["the series that it names", { series: ["2"], framesOfReference: ["F"] }, "2"],
  ["that of the slices that it names", { instances: ["3.1"], framesOfReference: ["G"] }, "3"],
  ["the only one in its coordinates", { framesOfReference: ["G"] }, "3"],
  [
    "two in its coordinates",
    { framesOfReference: ["F"] },
    /must be of one series, it is of 2 by its frame of reference: 1, 2/,
  ],
  [
    "two that it names",
    { series: ["1", "2"], framesOfReference: ["F"] },
    /must be of one series, it is of 2: 1, 2/,
  ],
  [
    "coordinates of another one",
    { series: ["1"], framesOfReference: ["G"] },
    /its series' frame of reference, F, it has G/,
  ],
  [
    "two coordinates",
    { series: ["1"], framesOfReference: ["F", "G"] },
    /one frame of reference, it has F, G/,
  ],
  [
    "a series that is not there",
    { series: ["9"], framesOfReference: ["F"] },
    /names must be there, 9 is not/,
  ],
  ["a series of somebody else", { series: ["4"], framesOfReference: ["H"] }, /names must be there, 4 is not/],
  ["no coordinates that are there", { framesOfReference: ["X"] }, /none has X/],
];
for (const [about, content, found] of matches) {
  Deno.test(`a label object belongs to ${about}`, () => {
    const whole = {
      structures: [],
      leftOut: [],
      series: [],
      instances: [],
      framesOfReference: [],
      ...content,
    };
    const object = { path: "seg.dcm", patient: { id: "P", name: "" }, kind: "SEG" } as const;
    if (typeof found === "string") assertEquals(matchSeries(object, whole, here).uid, found);
    else {
      const error = assertThrows(() => matchSeries(object, whole, here), DicomError);
      assert(found.test(error.message) && error.message.endsWith("(seg.dcm)"), error.message);
    }
  });
}

Deno.test("what organs share is of the first in the order; without one it is counted", () => {
  const masks = [
    { organ: "a", value: 1, mask: Uint8Array.of(1, 1, 0, 0) },
    { organ: "b", value: 2, mask: Uint8Array.of(0, 1, 1, 0) },
    { organ: "b", value: 2, mask: Uint8Array.of(0, 0, 1, 1) },
  ];
  const painted = (priority: string[]) => paintOrgans(masks, { voxels: 4, priority });
  const pair = (one: string, other: string) => [{ organs: [one, other], voxels: 1 }];
  assertEquals(painted([]).overlaps, pair("a", "b"));
  assertEquals([[...painted(["b"]).labels], painted(["b"]).settled], [[1, 2, 2, 2], pair("b", "a")]);
  assertEquals([[...painted(["a", "b"]).labels], painted(["a"]).settled], [[1, 1, 2, 2], pair("a", "b")]);
  assertEquals(painted(["a"]).overlaps, []);
});
