import { assert, assertEquals } from "@std/assert";
import { organLocations } from "../../../lib/data/store/locations.ts";
import { createRandom } from "../../../lib/data/random.ts";
import { caseOfSample, epochOf, placePatch } from "../../../lib/data/patches/sampler.ts";
import type { Shape } from "../../../lib/imaging/volume.ts";

Deno.test("every case is drawn once before any is drawn again, in an order of the seed and the stream", () => {
  const draw = (seed: number, stream: string) =>
    Array.from({ length: 21 }, (_, index) => caseOfSample(index, { seed, stream, cases: 7 }));
  const order = draw(1, "a");
  for (const first of [0, 7, 14]) {
    assertEquals(order.slice(first, first + 7).sort(), [0, 1, 2, 3, 4, 5, 6]);
  }
  assertEquals(draw(1, "a"), order);
  for (const other of [draw(2, "a"), draw(1, "b"), [...order.slice(7), ...order.slice(0, 7)]]) {
    assert(String(other) !== String(order));
  }
});

Deno.test("organs have equal chances, however small: true and pseudo, visible ones only", () => {
  const shape: Shape = [50, 50, 50];
  // One voxel of organ 1, a thousand of organ 4, none of organ 2.
  const voxel = (z: number, y: number, x: number) => (z * 50 + y) * 50 + x;
  const locations = {
    1: [voxel(5, 5, 5)],
    2: [],
    4: Array.from({ length: 1000 }, (_, v) => voxel(40, 30 + v % 10, 30 + v % 7)),
  };
  const random = createRandom("test");
  let first = 0, last = 0;
  for (let draw = 0; draw < 2000; draw++) {
    const { start } = placePatch({ shape, locations }, random, { patch: [9, 9, 9], anywhere: 0 });
    const holds = (at: Shape) => start.every((from, axis) => at[axis]! >= from && at[axis]! < from + 9);
    if (holds([5, 5, 5])) first++;
    if (start[0] <= 40 && start[0] + 9 > 40) last++;
  }
  assertEquals(first + last, 2000);
  assert(Math.abs(first - 1000) < 100, `organ 1 in ${first} of 2000 patches`);
});

Deno.test("a patch stays inside along long axes and contains the case along short ones", () => {
  const shape: Shape = [30, 10, 12];
  const locations = { 1: [0, 30 * 10 * 12 - 1] };
  const random = createRandom("test");
  const seen = [new Set<number>(), new Set<number>(), new Set<number>()];
  for (let draw = 0; draw < 1000; draw++) {
    const { start } = placePatch({ shape, locations }, random, { patch: [8, 16, 12] });
    start.forEach((first, axis) => seen[axis]!.add(first));
  }
  const ranges = seen.map((starts) => [Math.min(...starts), Math.max(...starts)]);
  assertEquals(ranges, [[0, 22], [-6, 0], [0, 0]]);
});

Deno.test("anywhere: the share of patches that look for no organ; a case without visible organs is drawn from too", () => {
  const shape: Shape = [100, 4, 4];
  const random = createRandom("test");
  const share = (anywhere: number, locations: Record<number, number[]>) => {
    let far = 0;
    for (let draw = 0; draw < 3000; draw++) {
      const { start } = placePatch({ shape, locations }, random, { patch: [4, 4, 4], anywhere });
      if (start[0] > 4) far++;
    }
    return far / 3000;
  };
  assertEquals(share(0, { 1: [0] }), 0);
  // 92 of 97 places are far from the organ.
  assert(Math.abs(share(1 / 3, { 1: [0] }) - 92 / 97 / 3) < 0.03);
  assert(share(0, { 1: [] }) > 0.9);
});

Deno.test("locations: at most 1,000 voxels of each organ, evenly, the same each time", () => {
  const labels = Uint8Array.from(
    { length: 40_000 },
    (_, voxel) => voxel < 20_000 ? 1 : voxel < 20_010 ? 3 : 5,
  );
  const locations = organLocations(labels, [1, 2, 3]);
  assertEquals(Object.keys(locations), ["1", "2", "3"]);
  assertEquals(Object.values(locations).map(({ length }) => length), [1000, 0, 10]);
  const first = locations[1]!;
  assertEquals(new Set(first).size, 1000);
  assert(first.every((voxel) => labels[voxel] === 1));
  const mean = first.reduce((sum, voxel) => sum + voxel, 0) / 1000;
  assert(Math.abs(mean - 10_000) < 600, `mean ${mean}`);
  assertEquals(organLocations(labels, [1, 2, 3]), locations);
});

Deno.test("an epoch repeats the cases of rarely annotated organs, within bounds", () => {
  const cases = (...organs: number[][]) =>
    organs.map((set) => ({ locations: Object.fromEntries(set.map((organ) => [organ, [0]])) }));
  const table: [organs: number[][], epoch: number[]][] = [
    [[[1, 2], [1, 2], [1, 2]], [0, 1, 2]],
    [[[1], [1], [1, 2]], [0, 1, 2, 2, 2]],
    [[[1], [1], [1], [1], [1], [1], [2]], [0, 1, 2, 3, 4, 5, 6, 6, 6, 6]],
    [[[1], [1], [], [2]], [0, 1, 2, 3, 3]],
  ];
  for (const [organs, epoch] of table) assertEquals(epochOf(cases(...organs)), epoch);
  assertEquals(
    epochOf([{ locations: { 1: [0], 2: [] } }, { locations: { 1: [3] } }]),
    [0, 1],
    "invisible: no rarity",
  );
});
