/**
 * The area of the surface inside a cell of eight voxels, for each of the 256 ways they can be in or out.
 *
 * A cell spans the centres of 2×2×2 voxels. Bit 4z + 2y + x of its code says whether the voxel at corner
 * (z, y, x) is in the mask. Marching cubes (Lorensen and Cline, SIGGRAPH 1987) puts a vertex in the middle of
 * every edge that joins an inner and an outer corner, and triangles between them. The triangles are derived
 * here and not copied from one of the known tables, in three steps:
 *
 * 1. *Segments.* On each of the six faces, a run of inner corners is cut off by a segment between the two cut
 *    edges at its ends. A face with two opposite inner corners is ambiguous: two runs, two segments, that is,
 *    inner corners are kept apart. A code with more than four inner corners is treated as its complement,
 *    so that it is always the fewer that are kept apart, and a mask and its complement have one surface.
 * 2. *Loops.* Each cut edge lies on two faces and so ends two segments: the segments close into loops.
 * 3. *Triangles.* Only two kinds of loop are not flat: the pentagon round three corners in an L, and the hexagon
 *    round a chain of four that leaves the plane. Their area depends on the diagonals. The classic tables
 *    leave the vertices that share a plane in one facet; on the unit cell that is the triangulation of
 *    greatest area, which is how it is found.
 *
 * With n = ½ (b - a) × (c - a) the area vector of a triangle on the unit cell, its area on a cell of spacing s
 * is |(n_z s_y s_x, n_y s_z s_x, n_x s_z s_y)|. DeepMind's surface-distance uses the same 256 areas (a fixture
 * holds them).
 *
 * @module
 */
import type { Spacing } from "../imaging/volume.ts";

/** [z, y, x] */
type Vector = [number, number, number];

/** Corner numbers round each face of the cell. */
const FACES = [[0, 1, 3, 2], [4, 5, 7, 6], [0, 1, 5, 4], [2, 3, 7, 6], [0, 2, 6, 4], [1, 3, 7, 5]];

/** Area vectors of the triangles of each code, on the unit cell. */
const AREA_VECTORS: Vector[][] = Array.from({ length: 256 }, (_, code) => {
  const corners = bitCount(code) > 4 ? 255 - code : code;
  return loops(segments(corners)).flatMap((loop) => triangulate(loop));
});

/** Surface area in mm² of each of the 256 cell codes, for voxels of the given spacing. */
export function surfaceElementAreas(spacing: Spacing): Float64Array {
  const [z, y, x] = spacing;
  return Float64Array.from(AREA_VECTORS, (vectors) => {
    return vectors.reduce((sum, n) => sum + Math.hypot(n[0] * y * x, n[1] * z * x, n[2] * z * y), 0);
  });
}

function bitCount(code: number): number {
  let count = 0;
  for (let rest = code; rest > 0; rest &= rest - 1) count++;
  return count;
}

/** The cut edges, each with the two it shares a segment with. */
function segments(code: number): Map<number, number[]> {
  const neighbours = new Map<number, number[]>();
  const link = (from: number, to: number) => neighbours.set(from, [...neighbours.get(from) ?? [], to]);
  for (const face of FACES) {
    const corner = (place: number) => face[place & 3]!;
    const inner = (place: number) => (code >> corner(place) & 1) === 1;
    for (let start = 0; start < 4; start++) {
      if (!inner(start) || inner(start + 3)) continue;
      let end = start;
      while (inner(end + 1)) end++;
      const before = edge(corner(start), corner(start + 3));
      const after = edge(corner(end), corner(end + 1));
      link(before, after);
      link(after, before);
    }
  }
  return neighbours;
}

/** An edge's name: the bits of its two corners. */
function edge(a: number, b: number): number {
  return 1 << a | 1 << b;
}

/** Follows the segments round: closed loops of edge midpoints. */
function loops(neighbours: Map<number, number[]>): Vector[][] {
  const found: Vector[][] = [];
  const open = new Set(neighbours.keys());
  for (const start of open) {
    const loop: Vector[] = [];
    for (let next: number | undefined = start; next !== undefined;) {
      open.delete(next);
      loop.push(midpoint(next));
      next = neighbours.get(next)!.find((other) => open.has(other));
    }
    found.push(loop);
  }
  return found;
}

function midpoint(edge: number): Vector {
  const corners = [0, 1, 2, 3, 4, 5, 6, 7].filter((corner) => edge >> corner & 1);
  const mean = (bit: number) => corners.reduce((sum, corner) => sum + (corner >> bit & 1), 0) / 2;
  return [mean(2), mean(1), mean(0)];
}

/** Area vectors of the triangulation of greatest area: all choices of the triangle on the closing edge. */
function triangulate(loop: Vector[]): Vector[] {
  if (loop.length < 3) return [];
  const area = (vectors: Vector[]) => vectors.reduce((sum, n) => sum + Math.hypot(...n), 0);
  const choices = loop.slice(1, -1).map((apex, place) => [
    areaVector(loop[0]!, apex, loop.at(-1)!),
    ...triangulate(loop.slice(0, place + 2)),
    ...triangulate(loop.slice(place + 1)),
  ]);
  return choices.reduce((best, choice) => area(choice) > area(best) ? choice : best);
}

function areaVector(a: Vector, b: Vector, c: Vector): Vector {
  const fromA = ([z, y, x]: Vector): Vector => [z - a[0], y - a[1], x - a[2]];
  const u = fromA(b), v = fromA(c);
  return [
    (u[1] * v[2] - u[2] * v[1]) / 2,
    (u[2] * v[0] - u[0] * v[2]) / 2,
    (u[0] * v[1] - u[1] * v[0]) / 2,
  ];
}
