/**
 * What may be chosen of the phantom. Defaults leave no trace: neither in the files nor in the name of their folder.
 *
 * @module
 */

/** How high the scanners' fields of view reach. */
export type FieldsOfView = "whole" | "partial";

export interface PhantomOptions {
  /** Equal seeds, and equal options, give equal files. */
  seed: number;
  /** Training scans of a dataset. @default 12 */
  scans?: number | undefined;
  /** Validation scans of a dataset. @default 3 */
  validationScans?: number | undefined;
  /** Of all scanners in turn. @default 9 */
  testScans?: number | undefined;
  /** How many scanners, and so datasets, there are. @default 3 */
  scanners?: 2 | 3 | undefined;
  /** 0 = all scanners alike in tissues' HU, gain and noise, 2 = twice as far from their mean. @default 1 */
  scannerDifference?: number | undefined;
  /** partial = each dataset's scans show their own part of the trunk's height; parts overlap. @default "whole" */
  fieldsOfView?: FieldsOfView | undefined;
  /** Factor on the edges of all voxels. @default 1 */
  voxelScale?: number | undefined;
}

/** Every option but the seed, which has no default. */
export type PhantomSettings = { [name in Exclude<keyof PhantomOptions, "seed">]: Value<name> };
type Value<name extends keyof PhantomOptions> = Exclude<PhantomOptions[name], undefined>;

const DEFAULTS: PhantomSettings = {
  scans: 12,
  validationScans: 3,
  testScans: 9,
  scanners: 3,
  scannerDifference: 1,
  fieldsOfView: "whole",
  voxelScale: 1,
};

/** The options with defaults for those left out. */
export function phantomSettings(options: PhantomOptions): PhantomSettings {
  const given = Object.entries(options).filter(([name, value]) => name in DEFAULTS && value !== undefined);
  return { ...DEFAULTS, ...Object.fromEntries(given) };
}

/** Name of the folder of a phantom: its seed, and the options that are not the defaults. */
export function phantomName(options: PhantomOptions, version: number): string {
  const settings = phantomSettings(options);
  const names = Object.keys(DEFAULTS) as (keyof PhantomSettings)[];
  const chosen = names.filter((name) => settings[name] !== DEFAULTS[name]);
  return [`phantom_v${version}_seed_${options.seed}`, ...chosen.map((name) => `${name}_${settings[name]}`)]
    .join("_");
}
