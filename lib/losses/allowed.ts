/**
 * The central idea: what a label *allows*.
 *
 * A voxel's label, in a case with a known label set, allows a model some of its channels and forbids the others.
 * Supervision by a model's own labels, by another dataset's labels (prediction difference, prediction similarity),
 * by completed labels, by supersets and by scribbles is one loss with different tables of what is allowed.
 *
 * @module
 */
import { type Groups, leavesOf } from "../data/groups.ts";
import { IGNORED, type LabelSet, type OrganNumber, UNCERTAIN } from "../data/label_set.ts";
import { CODES, type LabelMap } from "./label_map.ts";

/** For each of the 256 label codes of one case, what it says about one model's channels. */
export interface AllowedTable {
  /** The organs of the model's channels 1, 2, …; channel 0 is background. */
  channels: readonly OrganNumber[];
  /** The organs and groups annotated in the case. */
  trueSet: LabelSet;
  /** Number of channels: background and the model's organs. */
  classes: number;
  /** 1 where the code allows the channel, [256, classes]. */
  allowed: Uint8Array;
  /** Weight of a voxel of the code, [256]; 0 where everything is allowed, so that nothing at all flows from there. */
  weight: Float32Array;
  /** Channels of each annotated group whose organs the model all owns and is taught. */
  groups: ReadonlyMap<number, readonly number[]>;
  /** 1 where the code is a truly labelled organ that the model does not own, [256]. */
  foreign: Uint8Array;
  /** 1 where an organ the model does not own may hide under the code: background and uncertain voxels, [256]. */
  open: Uint8Array;
}

export interface AllowedTableOptions {
  /** The organs of the model's channels 1, 2, …; channel 0 is background. */
  channels: readonly OrganNumber[];
  /** Organs with pseudo labels in the case, and the weight of their voxels. @default none */
  pseudo?: { organs: LabelSet; weight: number } | undefined;
  /**
   * Whether the case's labels teach organs that the model owns. Without, they only forbid it other organs' voxels:
   * the pure prediction difference. @default true
   */
  sharedOrgans?: boolean | undefined;
  /** Codes of coarser labels and their organs, such as lung = left and right lung. @default {} */
  supersets?: Groups | undefined;
}

/**
 * Builds the table of METHOD section 0's `allowed(v)` for a case whose true label set is `trueSet`:
 *
 *     code                            allows
 *     organ of the true label set     its channel; background if the model does not own it
 *     pseudo-labelled organ           the same, with the weight of pseudo labels
 *     0, background                   background and the owned organs that have no label here, true or pseudo
 *     UNCERTAIN                       background and the owned organs that have no *true* label here
 *     superset                        the channels of its organs; background for those the model does not own
 *     IGNORED, and any other code     everything
 *
 * The organs of a superset in the true label set have a true label: they are not among what background may be.
 *
 * @param trueSet organs and supersets annotated in the case, visible or not (from metadata, never from a patch)
 */
export function allowedTable(trueSet: LabelSet, options: AllowedTableOptions): AllowedTable {
  const { channels, pseudo, sharedOrgans = true, supersets = {} } = options;
  const classes = channels.length + 1;
  const groups = new Map<number, readonly number[]>();
  const table: AllowedTable = {
    channels,
    trueSet,
    classes,
    groups,
    allowed: new Uint8Array(CODES * classes).fill(1),
    weight: new Float32Array(CODES),
    foreign: new Uint8Array(CODES),
    open: new Uint8Array(CODES),
  };
  const channelOf = (organ: OrganNumber) => channels.indexOf(organ) + 1;
  const set = (code: number, allowed: readonly number[], weight = 1) => {
    const unique = new Set(allowed);
    for (let c = 0; c < classes; c++) table.allowed[code * classes + c] = unique.has(c) ? 1 : 0;
    table.weight[code] = unique.size < classes ? weight : 0;
  };
  const everything = channels.map((_, i) => i + 1).concat(0);
  const labelled = leavesOf(trueSet, supersets);
  const known = sharedOrgans ? labelled : labelled.filter((organ) => !channels.includes(organ));
  const without = (
    organs: LabelSet,
  ) => [0, ...channels.filter((organ) => !organs.includes(organ)).map(channelOf)];

  for (const organ of pseudo?.organs ?? []) set(organ, [channelOf(organ)], pseudo!.weight);
  for (const [code, organs] of Object.entries(supersets)) set(Number(code), organs.map(channelOf));
  for (const label of trueSet) {
    const organs = leavesOf([label], supersets);
    const owned = organs.filter((organ) => channels.includes(organ)).length;
    set(label, owned > 0 && !sharedOrgans ? everything : organs.map(channelOf));
    table.foreign[label] = owned > 0 ? 0 : 1;
    if (label in supersets && owned === organs.length && sharedOrgans) {
      groups.set(label, organs.map(channelOf));
    }
  }
  set(0, without([...known, ...pseudo?.organs ?? []]));
  set(UNCERTAIN, without(known));
  table.open[0] = table.open[UNCERTAIN] = 1;
  set(IGNORED, everything);
  return table;
}

export interface LabelTargetsOptions {
  /** Share of the cross-entropy that voxels of organs have, 0…1; see foreground_balance.ts. @default the mean over all voxels */
  foregroundShare?: number | undefined;
}

/** What a batch's labels say about one model's channels, and what share of a loss they have. */
export interface LabelTargets extends LabelTargetsOptions {
  map: LabelMap;
  /** One a sample; a batch has at least one. */
  tables: readonly [AllowedTable, ...AllowedTable[]];
  classes: number;
}

/** Joins a batch's labels and its samples' tables. Makes no tensors. */
export function labelTargets(
  map: LabelMap,
  tables: readonly AllowedTable[],
  { foregroundShare }: LabelTargetsOptions = {},
): LabelTargets {
  const [first, ...others] = tables;
  if (!first || tables.length !== map.shape[0] || others.some(({ classes }) => classes !== first.classes)) {
    throw new Error(
      `Cannot make label targets: ${map.shape[0]} samples must have as many tables of equal classes, ` +
        `current classes are [${tables.map((table) => table.classes)}]`,
    );
  }
  return { map, tables: [first, ...others], classes: first.classes, foregroundShare };
}

/** How many channels a row allows. */
export function allowedCount(table: AllowedTable, code: number): number {
  const { classes, allowed } = table;
  let count = 0;
  for (let c = 0; c < classes; c++) count += allowed[code * classes + c]!;
  return count;
}

/** The sample's table and the code that a row of the label map stands for. */
export function labelOfRow({ tables }: LabelTargets, row: number): { table: AllowedTable; code: number } {
  return { table: tables[Math.floor(row / CODES)]!, code: row % CODES };
}

/**
 * A table over the batch's rows, from a function of what a code allows.
 *
 * @param channels number of the table's channels. @default the targets' classes
 * @returns [channel, row with voxels], in one array
 */
export function rowTable(
  targets: LabelTargets,
  value: (table: AllowedTable, code: number, channel: number) => number,
  channels = targets.classes,
): Float32Array {
  const { rows } = targets.map;
  const values = new Float32Array(channels * rows.length);
  rows.forEach((row, i) => {
    const { table, code } = labelOfRow(targets, row);
    for (let channel = 0; channel < channels; channel++) {
      values[channel * rows.length + i] = value(table, code, channel);
    }
  });
  return values;
}

/** Sums a function of codes over all voxels of the batch. */
export function sumOverVoxels(
  targets: LabelTargets,
  value: (table: AllowedTable, code: number) => number,
): number {
  const { rows, counts } = targets.map;
  return rows.reduce((sum, row) => {
    const { table, code } = labelOfRow(targets, row);
    return sum + counts[row]! * value(table, code);
  }, 0);
}

/**
 * Sums a table over all voxels of the batch.
 *
 * @param values [channel, row with voxels], from {@linkcode rowTable}
 * @returns [channel]
 */
export function rowTotals({ map: { rows, counts } }: LabelTargets, values: Float32Array): Float32Array {
  return Float32Array.from(
    { length: values.length / rows.length },
    (_, channel) =>
      rows.reduce((total, row, i) => total + counts[row]! * values[channel * rows.length + i]!, 0),
  );
}
