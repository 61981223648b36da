/**
 * How patches are varied. The defaults follow nnU-Net's in kind, milder in rotation and scale.
 *
 * @module
 */

/** A range a factor or an angle is drawn from, uniformly. */
export type Range = readonly [low: number, high: number];

export interface Augmentation {
  /** Probability of a rotation. @default 0.25 */
  rotation: number;
  /** About the z axis (in the axial plane), degrees. @default [-15, 15] */
  axialDegrees: Range;
  /** About the x and the y axis, degrees. @default [-5, 5] */
  tiltDegrees: Range;
  /** Probability of a scaling, the same along all axes. @default 0.25 */
  scale: number;
  /** Above 1 the anatomy becomes larger. @default [0.85, 1.18] */
  scaleFactors: Range;
  /** Probability of an elastic deformation (elastic_field.ts). @default 0 */
  elastic: number;
  /** Between neighbouring control points, along all axes, mm. @default 32 */
  elasticSpacingMm: number;
  /**
   * Standard deviation of the control points' displacements along each axis, mm; they are clipped to ±0.4 ·
   * elasticSpacingMm. Voxels move about a third as far.
   * @default [1, 5]
   */
  elasticMm: Range;
  /** Probability of Gaussian noise. @default 0.1 */
  noise: number;
  /** Standard deviation of the noise, in normalised intensities. @default [0, 0.2] */
  noiseStd: Range;
  /** Probability of multiplying all intensities. @default 0.15 */
  brightness: number;
  /** @default [0.75, 1.25] */
  brightnessFactors: Range;
  /** Probability of stretching intensities about their mean, within their range. @default 0.15 */
  contrast: number;
  /** @default [0.75, 1.25] */
  contrastFactors: Range;
  /** Probability of a gamma transform that keeps the patch's mean and standard deviation. @default 0.2 */
  gamma: number;
  /** Exponents. @default [0.7, 1.5] */
  gammaExponents: Range;
  /**
   * Probability of left/right mirroring, where the dataset allows it (mirror.ts). Off by default: a chest or an
   * abdomen is not symmetric.
   * @default 0
   */
  mirror: number;
}

/**
 * A control point's displacement along an axis is at most this share of their distance. Choi and Lee 2000 (Injectivity conditions of
 * 2D and 3D uniform cubic B-spline functions): in 3D nothing folds below 1/2.479 = 0.403 of it.
 */
export const ELASTIC_LIMIT = 0.4;

/** What of it differs from usual. */
export type ChangedAugmentation = { readonly [K in keyof Augmentation]?: Augmentation[K] | undefined };

export const DEFAULT_AUGMENTATION: Readonly<Augmentation> = {
  rotation: 0.25,
  axialDegrees: [-15, 15],
  tiltDegrees: [-5, 5],
  scale: 0.25,
  scaleFactors: [0.85, 1.18],
  elastic: 0,
  elasticSpacingMm: 32,
  elasticMm: [1, 5],
  noise: 0.1,
  noiseStd: [0, 0.2],
  brightness: 0.15,
  brightnessFactors: [0.75, 1.25],
  contrast: 0.15,
  contrastFactors: [0.75, 1.25],
  gamma: 0.2,
  gammaExponents: [0.7, 1.5],
  mirror: 0,
};

/** Usual augmentation, with what differs from it. */
export function augmentationWith(changes: ChangedAugmentation = {}): Augmentation {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { ...DEFAULT_AUGMENTATION, ...Object.fromEntries(given) };
}

/** How each of these is done where it happens. */
const DETAILS = {
  rotation: ["axialDegrees", "tiltDegrees"],
  scale: ["scaleFactors"],
  elastic: ["elasticSpacingMm", "elasticMm"],
  noise: ["noiseStd"],
  brightness: ["brightnessFactors"],
  contrast: ["contrastFactors"],
  gamma: ["gammaExponents"],
} as const;

/**
 * What of the changes differs from usual, but for how something is done that never happens; undefined where nothing does: patches
 * are the same bits then.
 */
export function unusualIn<C extends ChangedAugmentation>(changes: C | undefined): C | undefined {
  const usual: Readonly<Record<string, number | Range>> = { ...DEFAULT_AUGMENTATION };
  const all = augmentationWith(changes);
  const idle = (Object.keys(DETAILS) as (keyof typeof DETAILS)[]).filter((name) => all[name] === 0)
    .flatMap((name): string[] => [...DETAILS[name]]);
  const unusual = Object.entries(changes ?? {}).filter(([name, value]) =>
    String(value) !== String(usual[name]) && !idle.includes(name)
  );
  return unusual.length > 0 ? Object.fromEntries(unusual) as C : undefined;
}

/** Nothing is varied. */
export const NO_AUGMENTATION: Readonly<Augmentation> = {
  ...DEFAULT_AUGMENTATION,
  rotation: 0,
  scale: 0,
  elastic: 0,
  noise: 0,
  brightness: 0,
  contrast: 0,
  gamma: 0,
  mirror: 0,
};
