/**
 * A procedural CT-like abdomen: datasets of different scanners, written as NIfTI, so that a study of it takes the same
 * path as one of real scans.
 *
 * @module
 */
import { join } from "@std/path";
import { writeNifti } from "../../imaging/nifti/write_nifti.ts";
import { drawAnatomy, PHANTOM_LABELS } from "./phantom_anatomy.ts";
import { scanAnatomy } from "./phantom_scan.ts";
import { scannerFleet } from "./phantom_fleet.ts";
import { type PhantomOptions, phantomSettings } from "./phantom_options.ts";
import type { Scanner } from "./phantom_scanner.ts";
import { createRandom } from "../random.ts";
import { exists, writeWholeFolder } from "../../files/whole_folder.ts";

/** Raised when the same seed would give other scans. */
export const PHANTOM_VERSION = 1;

interface PhantomCase {
  id: string;
  scanner: Scanner;
}

const numbered = (prefix: string, index: number) => `${prefix}_${String(index + 1).padStart(2, "0")}`;

async function writeCase(folder: string, { id, scanner }: PhantomCase, seed: number): Promise<void> {
  const random = createRandom("phantom", PHANTOM_VERSION, seed, id);
  const { image, labels } = scanAnatomy(drawAnatomy(random), { scanner, random });
  await writeNifti(join(folder, "imagesTr", `${id}.nii.gz`), image);
  await writeNifti(join(folder, "labelsTr", `${id}.nii.gz`), labels);
}

interface FolderOptions extends Pick<PhantomOptions, "seed"> {
  name: string;
  cases: PhantomCase[];
  splits?: Record<string, string[]>;
}

async function writeDataset(folder: string, { name, cases, splits, seed }: FolderOptions): Promise<void> {
  await Deno.mkdir(join(folder, "imagesTr"), { recursive: true });
  await Deno.mkdir(join(folder, "labelsTr"), { recursive: true });
  for (const entry of cases) await writeCase(folder, entry, seed);
  const labels = Object.entries(PHANTOM_LABELS).map(([organ, value]) => [value, organ]);
  const json = {
    name,
    description: "Procedural CT-like abdomen; no real person.",
    licence: "CC0",
    modality: { "0": "CT" },
    labels: Object.fromEntries([[0, "background"], ...labels]),
    numTraining: cases.length,
    training: cases.map(({ id }) => ({
      image: `./imagesTr/${id}.nii.gz`,
      label: `./labelsTr/${id}.nii.gz`,
    })),
    ...(splits && { splits }),
  };
  await Deno.writeTextFile(join(folder, "dataset.json"), JSON.stringify(json, null, 1) + "\n");
}

/**
 * Writes the phantom in the Decathlon's layout: `a`, `b` and, of three scanners, `c`, one folder a scanner, with splits
 * `train` and `validation`; and `test`, from all scanners in turn, whose scans show the whole trunk whatever the field of
 * view of the others. Every label map is whole: which organs a study sees of a dataset is for its cohort to say.
 *
 * A person's body depends on seed and case alone, so that phantoms of other options are of the same people.
 *
 * Atomic and safe when two start at once: the folder appears whole or not at all, and the first one stays.
 *
 * @param folder is made; one that is there already is left as it is
 */
export async function makePhantom(folder: string, options: PhantomOptions): Promise<void> {
  if (await exists(folder)) return;
  const { seed } = options;
  const settings = phantomSettings(options);
  const { scans, validationScans, testScans } = settings;
  const { training, test } = scannerFleet(settings);
  await writeWholeFolder(folder, async (draft) => {
    for (const scanner of training) {
      const cases = Array.from({ length: scans + validationScans }, (_, index): PhantomCase => {
        return { id: numbered(scanner.name, index), scanner };
      });
      const ids = cases.map(({ id }) => id);
      const splits = { train: ids.slice(0, scans), validation: ids.slice(scans) };
      await writeDataset(join(draft, scanner.name), { name: `Phantom ${scanner.name}`, cases, splits, seed });
    }
    const cases = Array.from({ length: testScans }, (_, index): PhantomCase => {
      return { id: numbered("test", index), scanner: test[index % test.length]! };
    });
    await writeDataset(join(draft, "test"), { name: "Phantom test", cases, seed });
  });
}
