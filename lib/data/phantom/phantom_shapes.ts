/**
 * Bodies of the phantom as distance-like functions of a point in mm: negative inside, about the distance to the
 * surface near it, so that half a voxel on either side of 0 gives the partial volume.
 *
 * @module
 */
import { type Axis, eachAxis } from "../../imaging/each_axis.ts";

export type Point = readonly [x: number, y: number, z: number];

/** A body. It is only asked for points within its box. */
export interface Solid {
  distance(x: number, y: number, z: number): number;
  /** Corners of a box that holds the body. */
  low: Point;
  high: Point;
}

/** Rows of the matrix that turns about z (axial), then about y (coronal), radians; its transpose is its inverse. */
function rotation(axial: number, coronal: number): readonly [Point, Point, Point] {
  const [c, s, d, t] = [Math.cos(axial), Math.sin(axial), Math.cos(coronal), Math.sin(coronal)];
  return [[c * d, -s, c * t], [s * d, c, s * t], [-t, 0, d]];
}

export interface EllipsoidOptions {
  /** Semi-axes in mm. */
  radii: Point;
  /** Turn about z, radians. @default 0 */
  axial?: number;
  /** Turn about y, radians. @default 0 */
  coronal?: number;
}

/**
 * An ellipsoid. The distance is |p/r|·(|p/r| - 1)/|p/r²|: the implicit function |p/r| - 1 over the length of its
 * gradient, exact to first order at the surface.
 */
export function ellipsoid(centre: Point, { radii, axial = 0, coronal = 0 }: EllipsoidOptions): Solid {
  const turn = rotation(axial, coronal);
  const [rx, ry, rz] = radii;
  // The box of a turned ellipsoid: per axis, the norm of the turn's row scaled by the radii.
  const reach = eachAxis((row) => Math.hypot(...eachAxis((column) => turn[row][column] * radii[column])));
  const [[xx, xy, xz], [yx, yy, yz], [zx, zy, zz]] = turn;
  return {
    low: eachAxis((axis) => centre[axis] - reach[axis]),
    high: eachAxis((axis) => centre[axis] + reach[axis]),
    distance(x, y, z) {
      const [dx, dy, dz] = [x - centre[0], y - centre[1], z - centre[2]];
      const px = (xx * dx + yx * dy + zx * dz) / rx;
      const py = (xy * dx + yy * dy + zy * dz) / ry;
      const pz = (xz * dx + yz * dy + zz * dz) / rz;
      const length = Math.sqrt(px * px + py * py + pz * pz);
      const gradient = Math.sqrt((px / rx) ** 2 + (py / ry) ** 2 + (pz / rz) ** 2);
      return gradient < 1e-9 ? -Math.min(rx, ry, rz) : length * (length - 1) / gradient;
    },
  };
}

export interface TubeOptions {
  /** Radius in mm at each point of the path. */
  radii: readonly number[];
  /** Thickness along z as a share of the thickness across. @default 1 */
  flatness?: number;
}

/** A tube along a path of points, its radius linear between them: vessels, bowel, stomach, pancreas. */
export function tube(path: readonly Point[], { radii, flatness = 1 }: TubeOptions): Solid {
  const stations = path.map((point, index) => ({ point, radius: radii[index]! }));
  const reach = (radius: number, axis: Axis) => axis === 2 ? radius * flatness : radius;
  return {
    low: eachAxis((axis) =>
      Math.min(...stations.map(({ point, radius }) => point[axis] - reach(radius, axis)))
    ),
    high: eachAxis((axis) =>
      Math.max(...stations.map(({ point, radius }) => point[axis] + reach(radius, axis)))
    ),
    distance(x, y, z) {
      let best = Infinity;
      for (let index = 0; index + 1 < path.length; index++) {
        const from = path[index]!, to = path[index + 1]!;
        const [ax, ay, az] = [to[0] - from[0], to[1] - from[1], (to[2] - from[2]) / flatness];
        const [bx, by, bz] = [x - from[0], y - from[1], (z - from[2]) / flatness];
        const along = Math.min(1, Math.max(0, (ax * bx + ay * by + az * bz) / (ax * ax + ay * ay + az * az)));
        const away = Math.sqrt((bx - along * ax) ** 2 + (by - along * ay) ** 2 + (bz - along * az) ** 2);
        best = Math.min(best, away - radii[index]! - along * (radii[index + 1]! - radii[index]!));
      }
      return best;
    },
  };
}

/** Both bodies as one, the seam rounded over `blend` mm (polynomial smooth minimum). */
export function union(first: Solid, second: Solid, blend: number): Solid {
  return {
    low: eachAxis((axis) => Math.min(first.low[axis], second.low[axis])),
    high: eachAxis((axis) => Math.max(first.high[axis], second.high[axis])),
    distance(x, y, z) {
      const [a, b] = [first.distance(x, y, z), second.distance(x, y, z)];
      const share = Math.max(blend - Math.abs(a - b), 0) / blend;
      return Math.min(a, b) - share * share * blend / 4;
    },
  };
}

/** The first body without the second: a hilum, an impression of a neighbour. */
export function without(first: Solid, second: Solid): Solid {
  return {
    ...first,
    distance: (x, y, z) => Math.max(first.distance(x, y, z), -second.distance(x, y, z)),
  };
}
