/**
 * What a `dataset.json` says: the Medical Segmentation Decathlon's layout and nnU-Net v2's, and our four optional
 * extensions, which both may carry:
 *
 * - `annotated`: case → names of the organs annotated in it (default: all labels). An organ missing there is
 *   unlabelled in that scan, never background;
 * - `splits`: name → case ids;
 * - `subjects`: case → subject, a name of the person, compared over all folders of a study;
 * - `scribbles`: label maps that were drawn beside the dense ones, `{ "folder": "scribblesTr", "notAnnotated": 4, "training": […] }`. The folder
 *   `<dataset>/scribblesTr` is then a dataset, too, of the scans that are listed there.
 *
 * nnU-Net's label `ignore` (`{"ignore": 3}`) marks voxels that are not annotated: they may be anything.
 *
 * @module
 */
import { z } from "zod";
import { organId } from "../organs/organ_name.ts";

const Labels = z.record(z.string(), z.union([z.string(), z.int(), z.array(z.int())]));

/** The path of a scan of one channel, which some write as a list. */
const OneFile = z.union([z.string(), z.tuple([z.string()])]);

/** Keys of other meaning (licence, reference, numTraining …) are let through: foreign files carry many. */
export const DatasetFile = z.looseObject({
  name: z.union([z.string(), z.number()]).optional(),
  labels: Labels,
  /** Decathlon: channel number → modality. */
  modality: z.union([z.record(z.string(), z.string()), z.string()]).optional(),
  /** nnU-Net v2: channel number → name. */
  channel_names: z.record(z.string(), z.string()).optional(),
  file_ending: z.string().optional(),
  /**
   * Decathlon: the cases, labelled unless they have no `label`. nnU-Net v2 scans `imagesTr` and `labelsTr` instead, also where the list is empty.
   * An image may be a list of its one channel.
   */
  training: z.array(z.object({ image: OneFile, label: z.string().optional() })).optional(),
  /** nnU-Net v2: case → files, wherever they lie. */
  dataset: z.record(z.string(), z.object({ images: OneFile, label: z.string().optional() })).optional(),
  scribbles: z.object({
    folder: z.string(),
    notAnnotated: z.int().min(1),
    training: z.array(z.object({ image: z.string(), label: z.string() })),
  }).optional(),
  annotated: z.record(z.string(), z.array(z.string())).optional(),
  splits: z.record(z.string(), z.array(z.string())).optional(),
  subjects: z.record(z.string(), z.union([z.string(), z.int()])).optional(),
});

export type DatasetFile = z.infer<typeof DatasetFile>;

/** What the values of label maps mean. Every other value but 0 is undeclared. */
export interface Labels {
  /** Value → organ name, without background. */
  organs: Map<number, string>;
  /** Value of voxels that are not annotated. @default every voxel is annotated */
  ignored?: number;
}

/** What people call the value 0. An organ of that value would be background, without a word. */
const BACKGROUND =
  /^((back ?|bk)ground|bc?kg|bg|none|nothing|empty|void|air|other|rest|outside|exterior|clear( label)?|unlabel+ed|0)$/i;

/**
 * Labels without background, whichever way round the file writes them.
 *
 * Decathlon: `{"1": "Liver"}`; nnU-Net v2: `{"Liver": 1}`. Regions (`{"tumour and core": [1, 2]}`) are named as problems: they
 * cannot be said by one organ a voxel. So is `ignore` written as the Decathlon writes an organ, which has no such label.
 */
export function readLabels(labels: DatasetFile["labels"], problems: string[]): Labels {
  const found = new Map<number, string>(), spellings = new Map<string, string>();
  let ignored: number | undefined;
  for (const [key, entry] of Object.entries(labels)) {
    if (Array.isArray(entry)) {
      problems.push(`labels.${key}: regions (a list of values) are not supported; give each organ one value`);
      continue;
    }
    const [value, name] = valueAndName(key, entry);
    if (!Number.isInteger(value) || value < 0) {
      problems.push(`labels.${key}: wanted a whole number >= 0 and a name, got ${JSON.stringify(entry)}`);
    } else if (key === "ignore" && value > 0) ignored = value;
    else if (name === "ignore") {
      const present = `${JSON.stringify(key)}: ${JSON.stringify(entry)}`;
      problems.push(
        `labels.${key}: voxels that are not annotated have nnU-Net's label, wanted "ignore": a value above 0, got ${present}`,
      );
    } else if (value === 0) {
      if (BACKGROUND.test(name.trim())) continue;
      problems.push(
        `labels.${key}: the value 0 is background, wanted a name such as background, got ${name}; organs have values from 1 on`,
      );
    } else if (name.trim() === "") problems.push(`labels.${key}: wanted the organ's name, got none`);
    else if (/^background$/i.test(name.trim())) {
      problems.push(`labels.${key}: background has the value 0, got ${value}`);
    } else if (found.has(value)) {
      problems.push(`labels: value ${value} names both ${found.get(value)} and ${name}`);
    } else {
      const id = organId(name), other = spellings.get(id);
      if (other === name) problems.push(`labels: ${name} has two values`);
      else if (other !== undefined) {
        problems.push(`labels: ${other} and ${name} are two spellings of one organ`);
      }
      // With a problem, too: the value is declared, and nothing else is wrong with its voxels.
      found.set(value, name);
      spellings.set(id, name);
    }
  }
  if (ignored !== undefined && found.has(ignored)) {
    problems.push(`labels: value ${ignored} names both ${found.get(ignored)} and ignore`);
  }
  if (found.size === 0 && problems.length === 0) problems.push("labels: no organ besides background");
  const organs = new Map([...found].sort(([a], [b]) => a - b));
  return ignored === undefined ? { organs } : { organs, ignored };
}

/** nnU-Net v2 writes `{"Liver": 1}`, and some `{"Liver": "1"}`; the Decathlon `{"1": "Liver"}`. */
function valueAndName(key: string, entry: string | number): [value: number, name: string] {
  const isNumber = (text: string) => /^\s*\d+\s*$/.test(text);
  if (typeof entry === "number") {
    // `{"1": 0}` would make background of an organ whose name was lost.
    return entry === 0 && isNumber(key) && Number(key) > 0 ? [NaN, key] : [entry, key];
  }
  if (isNumber(key)) return [Number(key), entry];
  // Of the empty key and of "0x2" JavaScript would make numbers, too.
  return isNumber(entry) ? [Number(entry), key] : [NaN, key];
}

/** The only channel's modality ("CT", "MRI", …), or a problem where there are several. */
export function readModality(file: DatasetFile, problems: string[]): string {
  const channels = file.channel_names ?? file.modality ?? "unknown";
  if (typeof channels === "string") return channels;
  const names = Object.values(channels);
  if (names.length > 1) {
    const key = file.channel_names ? "channel_names" : "modality";
    problems.push(`${key}: scans must have one channel, these have ${names.length} (${names.join(", ")})`);
  }
  return names[0] ?? "unknown";
}
