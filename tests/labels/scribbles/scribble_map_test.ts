import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { createRandom, integer, uniform } from "../../../lib/data/random.ts";
import { labelComponents } from "../../../lib/imaging/components.ts";
import { scribbleMap, type ScribbleMapOptions } from "../../../lib/labels/scribbles/scribble_map.ts";
import { skeletonOf } from "../../../lib/labels/scribbles/skeleton.ts";

const NONE = 9;

const scribble = (
  map: Uint8Array,
  shape: [number, number, number],
  options: Partial<ScribbleMapOptions> = {},
) => scribbleMap(map, shape, { keys: [1, "case"], notAnnotated: NONE, length: 1, thickness: 3, ...options });

/** A slice as text: digits are labels, "." is 0. */
function plane(...rows: string[]): { map: Uint8Array; shape: [number, number, number] } {
  const letters = rows.join("").replaceAll(".", "0");
  return { map: Uint8Array.from(letters, Number), shape: [1, rows.length, rows[0]!.length] };
}

/** Ellipses, some with a hole, some of a pixel, some thin, on a plane of 40 × 48. */
function randomMap(seed: number): Uint8Array {
  const random = createRandom("components", seed), map = new Uint8Array(40 * 48);
  for (let k = 0; k < 4; k++) {
    const cy = uniform(random, [0, 40]), cx = uniform(random, [0, 48]);
    const ry = uniform(random, [0.5, 14]), rx = uniform(random, [0.5, 14]), hole = uniform(random, [-1, 0.9]);
    const label = integer(random, [1, 3]);
    map.forEach((_, index) => {
      const r = Math.hypot((Math.floor(index / 48) - cy) / ry, (index % 48 - cx) / rx);
      if (r <= 1 && r > hole) map[index] = label;
    });
  }
  return map;
}

Deno.test("a thousand components: every scribble is there, within its component, and never on another label", () => {
  const shape: [number, number, number] = [1, 40, 48];
  let components = 0;
  for (let seed = 0; components < 1000; seed++) {
    const map = randomMap(seed), { labels } = scribble(map, shape, { keys: [seed] });
    for (const [index, value] of labels.entries()) {
      if (value !== NONE) assertEquals(value, map[index], `seed ${seed}, pixel ${index}`);
    }
    for (const value of new Set(map)) {
      const found = labelComponents(map.map((one) => one === value ? 1 : 0), shape);
      for (let component = 1; component < found.sizes.length; component++, components++) {
        const drawn = labels.filter((one, index) =>
          one === value && found.labels[index] === component
        ).length;
        assert(
          drawn > 0,
          `seed ${seed}: label ${value} has a component of ${found.sizes[component]} without a scribble`,
        );
        assert(
          drawn < found.sizes[component]! || found.sizes[component]! < 60,
          `seed ${seed}: label ${value} is painted over`,
        );
      }
    }
  }
});

Deno.test("large components have a few per cent of their pixels scribbled", () => {
  const shape: [number, number, number] = [1, 256, 256];
  for (const radius of [20, 40, 60]) {
    const map = Uint8Array.from(
      { length: 256 * 256 },
      (_, i) => Number(Math.hypot(Math.floor(i / 256) - 128, i % 256 - 128) < radius),
    );
    const { shares } = scribble(map, shape);
    const { voxels, scribbled, inBand } = shares.get(1)!;
    assert(scribbled / voxels > 0.01 && scribbled / voxels < 0.09, `radius ${radius}: ${scribbled / voxels}`);
    assert(inBand / scribbled < 0.3, `radius ${radius}: ${inBand / scribbled}`);
  }
});

Deno.test("in a crop background is scribbled near its organs, too", () => {
  const shape: [number, number, number] = [1, 36, 50], width = 50;
  const radius = (i: number) => Math.hypot(Math.floor(i / width) - 18, i % width - 25);
  const map = Uint8Array.from({ length: 36 * width }, (_, i) => Number(radius(i) < 7));
  const nearest = Array.from({ length: 20 }, (_, seed) => {
    const { labels } = scribble(map, shape, { keys: [seed, "case"] });
    return [...labels].reduce(
      (least, label, i) => label === 0 ? Math.min(least, radius(i)) : least,
      Infinity,
    );
  });
  assert(nearest.every((distance) => distance < 13), nearest.join());
});

Deno.test("equal keys give equal scribbles, other keys others; one case's slices draw no number of another's", () => {
  const map = randomMap(7), shape: [number, number, number] = [1, 40, 48];
  assertEquals(scribble(map, shape), scribble(map, shape));
  assertNotEquals(scribble(map, shape).labels, scribble(map, shape, { keys: [2, "case"] }).labels);
  const two = Uint8Array.of(...map, ...randomMap(8));
  assertEquals(scribble(two, [2, 40, 48]).labels.slice(0, map.length), scribble(map, shape).labels);
});

Deno.test("a pixel is its own scribble; what is not annotated gets none; a map of one label has one line", () => {
  const { map, shape } = plane("9999", "9919", "9999");
  assertEquals(scribble(map, shape).labels, map);
  assertEquals(scribble(map.fill(NONE), shape).shares.size, 0);
  const whole = scribble(new Uint8Array(30 * 30), [1, 30, 30]);
  const { sizes } = labelComponents(whole.labels.map((one) => one === 0 ? 1 : 0), [1, 30, 30]);
  assertEquals(sizes.length, 2);
});

Deno.test("a bar of three rows is scribbled along its middle; half the length is half the line", () => {
  const bar = ["9".repeat(32), ...Array(3).fill(`9${"1".repeat(30)}9`), "9".repeat(32)];
  const { map, shape } = plane(...bar);
  const drawn = (options = {}) =>
    [...scribble(map, shape, { thickness: 1, ...options }).labels.keys()].filter((
      i,
      _,
      __,
      labels = scribble(map, shape, { thickness: 1, ...options }).labels,
    ) => labels[i] === 1);
  const rows = new Set(drawn().map((index) => Math.floor(index / 32)));
  assertEquals([...rows], [2]);
  const [whole, half] = [drawn().length, drawn({ length: 0.5 }).length];
  assert(whole >= 20 && whole <= 30, `${whole}`);
  assert(Math.abs(half - whole / 2) <= 2, `${half} of ${whole}`);
});

Deno.test("a ring, which no quadratic curve follows, is scribbled along half of it", () => {
  const size = 64;
  const map = Uint8Array.from({ length: size * size }, (_, i) => {
    const r = Math.hypot(Math.floor(i / size) - 32, i % size - 32);
    return r < 26 && r > 22 ? 1 : NONE;
  });
  const { labels } = scribble(map, [1, size, size], { thickness: 1 });
  const drawn = labels.filter((one) => one === 1).length;
  assert(drawn > 45 && drawn < 90, `${drawn} pixels`); // half the middle circle has 75
});

Deno.test("a skeleton is a thin line that keeps what is connected, and of a block of four pixels something stays", () => {
  const { map, shape: [, height, width] } = plane("........", ".111111.", ".111111.", ".111111.", "........");
  assertEquals(
    [...skeletonOf(map, { height, width }).keys()].filter((i) => skeletonOf(map, { height, width })[i]).every(
      (i) => Math.floor(i / width) === 2,
    ),
    true,
  );
  const block = plane("....", ".11.", ".11.", "....");
  assert(skeletonOf(block.map, { height: 4, width: 4 }).includes(1));
});
