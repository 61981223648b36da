/**
 * One person of the phantom: organs, and what lies between them, drawn from a seeded generator.
 *
 * Coordinates are mm, RAS+: x to the right, y to the front, z to the head, origin in the middle of the abdomen.
 * Liver and stomach vary in size and tilt, stomach and spleen touch at similar HU, the pancreas is a thin bent sheet,
 * the vena cava runs beside the aorta at its HU, and bowel loops share the HU of every organ.
 *
 * @module
 */
import { ellipsoid, type Point, type Solid, tube, union, without } from "./phantom_shapes.ts";
import { chance, integer, type RandomGenerator, uniform } from "../random.ts";

/** Label values of the phantom's files. */
export const PHANTOM_LABELS = {
  Liver: 1,
  Spleen: 2,
  RightKidney: 3,
  LeftKidney: 4,
  Stomach: 5,
  Aorta: 6,
  Pancreas: 7,
} as const;

export type PhantomOrgan = keyof typeof PHANTOM_LABELS;

/** What a body is made of: its HU depends on the scanner's contrast phase. */
export type Tissue = PhantomOrgan | "VenaCava" | "Gallbladder" | "Bone" | "Disc" | "Muscle" | "Bowel" | "Gas";

export interface Part {
  solid: Solid;
  tissue: Tissue;
  /** HU added to the tissue's own. */
  offsetHu: number;
}

/** Parts in painting order: a later one lies over the earlier ones. */
export interface Anatomy {
  /** The body's outer surface, fat within, air without. */
  body: Solid;
  /** Inner surface of the muscular wall. */
  cavity: Solid;
  parts: Part[];
}

function kidney(random: RandomGenerator, side: 1 | -1): Solid {
  const vary = (spread: number) => uniform(random, [-spread, spread]);
  const centre: Point = [side * (64 + vary(6)), -42 + vary(7), -18 - 8 * side + vary(14)];
  const size = uniform(random, [0.85, 1.15]);
  const body = ellipsoid(centre, {
    radii: [25 * size, 22 * size, 48 * size * uniform(random, [0.9, 1.1])],
    axial: side * (0.5 + vary(0.25)),
    coronal: side * (-0.2 + vary(0.15)),
  });
  const hilum = ellipsoid([centre[0] - side * 24 * size, centre[1] + 8, centre[2]], {
    radii: [13 * size, 11 * size, 17 * size],
  });
  return without(body, hilum);
}

function liver(random: RandomGenerator): Solid {
  const vary = (spread: number) => uniform(random, [-spread, spread]);
  const size = uniform(random, [0.85, 1.12]);
  const right = ellipsoid([66 + vary(6), 8 + vary(6), 48 + vary(10)], {
    radii: [54 * size, 66 * size, 62 * size],
    axial: vary(0.25),
    coronal: vary(0.2),
  });
  const left = ellipsoid([4 + vary(12), 40 + vary(6), 62 + vary(8)], {
    radii: [uniform(random, [48, 76]), 32 * size, 30 * size],
    coronal: 0.15 + vary(0.2),
  });
  return union(right, left, 24);
}

/** Stomach, and the spleen pressed against its fundus. */
function stomachAndSpleen(random: RandomGenerator): [Solid, Solid] {
  const vary = (spread: number) => uniform(random, [-spread, spread]);
  const fill = uniform(random, [0.75, 1.2]);
  const shift = vary(8);
  const low = vary(14);
  const stomach = tube(
    [
      [-48 + shift, 2 + vary(6), 84 + vary(8)],
      [-56 + shift, 28 + vary(6), 48 + vary(6)],
      [-38 + vary(8), 50 + vary(5), 14 + low],
      [2 + vary(8), 50 + vary(5), 4 + low],
    ],
    { radii: [33 * fill, 29 * fill, 22 * fill, 14 * fill] },
  );
  const size = uniform(random, [0.8, 1.2]);
  const spleen = ellipsoid([-92 + shift + vary(5), -30 + vary(8), 58 + vary(12)], {
    radii: [27 * size, 42 * size, 40 * size],
    axial: -0.5 + vary(0.3),
    coronal: vary(0.3),
  });
  const impression = ellipsoid([-56 + shift, -4, 62 + vary(8)], { radii: [28, 38, 34] });
  return [stomach, without(spleen, impression)];
}

function pancreas(random: RandomGenerator): Solid {
  const vary = (spread: number) => uniform(random, [-spread, spread]);
  const size = uniform(random, [0.9, 1.2]);
  const tail = vary(16);
  return tube(
    [
      [36 + vary(6), 14 + vary(5), -14 + vary(8)],
      [24 + vary(5), 18 + vary(4), 6 + vary(6)],
      [-6 + vary(6), 20 + vary(6), 14 + vary(6)],
      [-34 + vary(6), 2 + vary(8), 18 + tail / 2],
      [-62 + vary(5), -14 + vary(6), 26 + tail],
    ],
    { radii: [15 * size, 13 * size, 10 * size, 10 * size, 8 * size], flatness: uniform(random, [0.8, 1.3]) },
  );
}

/** Two vessels along the spine, each with its own bends. */
function vessel(random: RandomGenerator, x: number, radius: number): Solid {
  const vary = (spread: number) => uniform(random, [-spread, spread]);
  const heights = [-140, -70, 0, 70, 140];
  const path = heights.map((z): Point => [x + vary(7), -26 + vary(5), z]);
  return tube(path, { radii: heights.map(() => radius * uniform(random, [0.9, 1.12])) });
}

function spine(random: RandomGenerator): Part[] {
  const first = uniform(random, [-150, -118]);
  const column = tube([[0, -64, -150], [0, -60, 0], [0, -66, 150]], { radii: [22, 21, 21] });
  const discs = Array.from({ length: 9 }, (_, index): Part => {
    const solid = ellipsoid([0, -62, first + 33 * index], { radii: [22, 22, 5] });
    return { solid, tissue: "Disc", offsetHu: 0 };
  });
  return [{ solid: column, tissue: "Bone", offsetHu: uniform(random, [-50, 50]) }, ...discs];
}

/** Loops in the lower and front abdomen; some hold gas. */
function bowel(random: RandomGenerator): Part[] {
  return Array.from({ length: integer(random, [9, 14]) }, (): Part => {
    const vary = (spread: number) => uniform(random, [-spread, spread]);
    const start: Point = [vary(95), uniform(random, [-5, 62]), uniform(random, [-125, -5])];
    const path = [
      start,
      ...Array.from({ length: 2 }, (): Point => [
        start[0] + vary(45),
        start[1] + vary(22),
        start[2] + vary(28),
      ]),
    ];
    const solid = tube(path, { radii: path.map(() => uniform(random, [9, 17])) });
    const gas = chance(random, 0.15);
    return { solid, tissue: gas ? "Gas" : "Bowel", offsetHu: gas ? 0 : uniform(random, [-25, 75]) };
  });
}

/** The trunk: an oval that is the same at every height. */
function oval(rx: number, ry: number): Solid {
  return {
    low: [-Infinity, -Infinity, -Infinity],
    high: [Infinity, Infinity, Infinity],
    distance(x, y) {
      const length = Math.hypot(x / rx, y / ry);
      return length < 1e-6 ? -ry : length * (length - 1) / Math.hypot(x / rx ** 2, y / ry ** 2);
    },
  };
}

/** Draws a person. */
export function drawAnatomy(random: RandomGenerator): Anatomy {
  const girth = uniform(random, [0.92, 1.08]);
  const wall = uniform(random, [14, 30]);
  const organ = (tissue: Tissue, solid: Solid, spread = 8): Part => ({
    solid,
    tissue,
    offsetHu: uniform(random, [-spread, spread]),
  });
  const [stomach, spleen] = stomachAndSpleen(random);
  const gallbladder = ellipsoid([44 + uniform(random, [-8, 8]), 46, 0 + uniform(random, [-8, 8])], {
    radii: [13, 15, 20],
    coronal: 0.4,
  });
  return {
    body: oval(146 * girth, 104 * girth),
    cavity: oval(146 * girth - wall, 104 * girth - wall),
    parts: [
      ...spine(random),
      ...bowel(random),
      organ("Liver", liver(random)),
      organ("Gallbladder", gallbladder),
      organ("RightKidney", kidney(random, 1)),
      organ("LeftKidney", kidney(random, -1)),
      organ("Stomach", stomach, 14),
      organ("Spleen", spleen),
      organ("VenaCava", vessel(random, 20, 11)),
      organ("Pancreas", pancreas(random), 10),
      organ("Aorta", vessel(random, -9, 11)),
    ],
  };
}
