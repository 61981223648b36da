import { assertAlmostEquals, assertEquals } from "@std/assert";
import { vectorMatrix } from "../../../lib/plots/training/vector_matrix.ts";

Deno.test("cosines of classes' vectors, whatever their lengths; of an organ without a vector there is none", () => {
  const vectors = { background: [0, 2], organs: [[3, 0], [0.8, 0.6], undefined] };
  const { data: [trace] } = vectorMatrix(vectors, { organs: ["Liver", "Hepar", "Spleen"] });
  const rows = trace!.z as (number | null)[][];
  const expected = [[1, 0, 0.6, null], [0, 1, 0.8, null], [0.6, 0.8, 1, null], [null, null, null, null]];
  assertEquals([trace!.zmin, trace!.zmax], [0, 1]);
  expected.forEach((row, r) =>
    row.forEach((value, c) =>
      value === null ? assertEquals(rows[r]![c], null) : assertAlmostEquals(rows[r]![c]!, value, 1e-12)
    )
  );
});

Deno.test("names that are wider than their cells are turned, and have room", () => {
  const vectors = { background: [0, 1], organs: [[1, 0]] };
  const layout = (name: string) => vectorMatrix(vectors, { organs: [name] }).layout;
  const [short, long] = [layout("Liver"), layout("LiverParenchyma")];
  const angle = ({ xaxis }: typeof short) => (xaxis as { tickangle?: number }).tickangle;
  const below = ({ margin }: typeof short) => (margin as { b: number }).b;
  assertEquals([angle(long), below(long) > below(short) + 40], [30, true]);
});
