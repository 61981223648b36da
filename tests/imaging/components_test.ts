import { assertEquals } from "@std/assert";
import { labelComponents, largestComponent } from "../../lib/imaging/components.ts";
import type { Shape } from "../../lib/imaging/volume.ts";

interface ComponentCase {
  shape: Shape;
  mask: string;
  labels6: number[];
  sizes6: number[];
  labels26: number[];
  sizes26: number[];
}

const cases: ComponentCase[] = JSON.parse(
  Deno.readTextFileSync(new URL("../fixtures/imaging/components.json", import.meta.url)),
);

Deno.test("labelComponents numbers components as scipy.ndimage.label", () => {
  for (const { shape, mask, labels6, sizes6, labels26, sizes26 } of cases) {
    const voxels = Uint8Array.from(mask, Number);
    const faces = labelComponents(voxels, shape, { connectivity: 6 });
    assertEquals([...faces.labels], labels6);
    assertEquals(faces.sizes, sizes6);
    const corners = labelComponents(voxels, shape);
    assertEquals([...corners.labels], labels26);
    assertEquals(corners.sizes, sizes26);
  }
});

Deno.test("voxels that touch at a corner only are one component of 26, two of 6", () => {
  const mask = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 9);
  assertEquals(labelComponents(mask, [2, 2, 2]).sizes, [6, 2]);
  assertEquals(labelComponents(mask, [2, 2, 2], { connectivity: 6 }).sizes, [6, 1, 1]);
});

Deno.test("largestComponent keeps one: the larger, the first of equals, none of nothing", () => {
  const table: [number[], number[]][] = [
    [[1, 0, 1, 1, 0, 1], [0, 0, 1, 1, 0, 0]],
    [[1, 1, 0, 1, 1, 0], [1, 1, 0, 0, 0, 0]],
    [[0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0]],
  ];
  for (const [mask, expected] of table) {
    assertEquals([...largestComponent(Uint8Array.from(mask), [1, 1, 6])], expected);
  }
});
