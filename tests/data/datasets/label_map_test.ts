import { assertEquals, assertThrows } from "@std/assert";
import {
  countLabels,
  requireDeclared,
  undeclaredText,
  wholeLabels,
} from "../../../lib/data/datasets/label_map.ts";

const WHOLE: [
  about: string,
  values: number[],
  labels: number[],
  odd: { count: number; example: number } | undefined,
][] = [
  // Of a label map of 0, 1, 2, 7 that nibabel wrote from floats into bytes: as nibabel reads it.
  ["scaled bytes", [0, 0.9882353022694588, 2.0039215851575136, 7.000000057742], [0, 1, 2, 7], undefined],
  [
    "scaled 16 bits",
    [0, 0.9999847407452762, 1.9999694814905524, 6.9999999983701855],
    [0, 1, 2, 7],
    undefined,
  ],
  ["within the tolerance", [1.0499, 2.9501, -0.0499], [1, 3, 0], undefined],
  ["beyond it", [1.051, 0, 2.94, 0.7], [0, 0, 0, 0], { count: 3, example: 1.051 }],
  ["not finite", [NaN, 1, Infinity, -Infinity], [0, 1, 0, 0], { count: 3, example: NaN }],
  ["more than labels can be", [3e9, 1], [0, 1], { count: 1, example: 3e9 }],
];
for (const [about, values, labels, odd] of WHOLE) {
  Deno.test(`label maps of fractions: ${about}`, () => {
    const found = wholeLabels(Float64Array.from(values));
    assertEquals([...found.labels], labels);
    assertEquals(found.odd, odd);
  });
}

Deno.test("label maps of whole numbers are taken as they are", () => {
  const data = Uint8Array.of(0, 1, 2);
  assertEquals(wholeLabels(data).labels, data);
});

Deno.test("values are counted; of too many the rest is one number, so that nothing grows with the voxels", () => {
  assertEquals(countLabels(Uint8Array.of(0, 0, 3, 3, 3, 0)), {
    counts: new Map([[0, 3], [3, 3]]),
    others: 0,
  });
  const noise = Int32Array.from({ length: 5000 }, (_, i) => i);
  const { counts, others } = countLabels(noise);
  assertEquals([counts.size, others], [1000, 4000]);
  assertEquals(
    undeclaredText({ counts, others }, [1, 2]),
    "label map has values that are not declared: 3 (1 voxels), 4 (1 voxels), 5 (1 voxels), 6 (1 voxels), 7 (1 voxels) and 992 or more",
  );
});

Deno.test("what a dataset does not declare is refused with values and voxels", () => {
  const map = { data: Uint8Array.of(0, 1, 255, 255), path: "a.nii" };
  requireDeclared(map, [1, 255]);
  assertThrows(
    () => requireDeclared(map, [1]),
    Error,
    "not declared: 255 (2 voxels); declare them in dataset.json, or mend the map (a.nii)",
  );
});
