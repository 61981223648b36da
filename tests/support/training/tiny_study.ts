/** A prepared study on disk, as small as it can be: blocks of brighter voxels for organs. */
import { createHash } from "node:crypto";
import { join } from "@std/path";
import type { OrganVectors } from "../../../lib/data/organ_vectors.ts";
import { organLocations } from "../../../lib/data/store/locations.ts";
import type { PreparedStudy } from "../../../lib/data/store/prepared_study.ts";
import { createRandom, uniform } from "../../../lib/data/random.ts";
import { writeStoredArray } from "../../../lib/data/store/store.ts";
import type { StoredCase } from "../../../lib/data/store/stored_case.ts";
import { exists } from "../../../lib/files/whole_folder.ts";
import type { Shape } from "../../../lib/imaging/volume.ts";

const SHAPE: Shape = [10, 10, 10];

export interface TinyCase {
  labelSet: number[];
  /** @default [] */
  pseudoSet?: number[];
  /** Code of a voxel in the block of an organ. @default the organ's number if it is in one of the sets, else 0 */
  code?: (organ: number) => number;
}

/** Organ k fills the k-th of four blocks of 4³ (moved by a voxel from case to case) and is brighter by k/2. */
export async function makeTinyCase(folder: string, id: string, options: TinyCase): Promise<StoredCase> {
  const { labelSet, pseudoSet = [], code = (k) => labelSet.includes(k) || pseudoSet.includes(k) ? k : 0 } =
    options;
  const random = createRandom("tiny case", id);
  const shift = Math.round(uniform(random, [0, 1]));
  const organs = Uint8Array.from({ length: 1000 }, (_, voxel) => {
    const z = Math.floor(voxel / 100) - shift;
    const y = Math.floor(voxel / 10) % 10 - shift;
    const x = voxel % 10 - shift;
    if (z < 0 || y < 0 || x < 0 || z > 3 || y > 8 || x > 8) return 0;
    return 1 + Math.floor(y / 5) * 2 + Math.floor(x / 5);
  });
  const image = Float32Array.from(organs, (organ) => organ / 2 + uniform(random, [-0.3, 0.3]));
  const labels = organs.map((organ) => organ === 0 ? 0 : code(organ));
  // As in the store, the last two folders of a path name the content.
  const paths = {
    image: join(folder, `${id}-image`, "image"),
    labels: join(folder, labelName(id, labels), "labels"),
  };
  // A case may be made again, with other labels.
  if (!await exists(paths.image)) await writeStoredArray(paths.image, image, { shape: SHAPE });
  if (!await exists(paths.labels)) await writeStoredArray(paths.labels, labels, { shape: SHAPE });
  const locations = organLocations(labels, [...labelSet, ...pseudoSet]);
  return { id, dataset: id.split("-")[0]!, shape: SHAPE, labelSet, pseudoSet, ...paths, locations };
}

function labelName(id: string, labels: Uint8Array): string {
  return `${id}-${createHash("sha256").update(labels).digest("hex").slice(0, 8)}`;
}

/** @param shown the organs each dataset shows */
export async function makeTinyStudy(folder: string, shown: number[][]): Promise<PreparedStudy> {
  const count = Math.max(...shown.flat());
  const datasets = await Promise.all(shown.map(async (organs, i) => {
    const name = "abcd"[i]!;
    const make = (id: string) => makeTinyCase(folder, `${name}-${id}`, { labelSet: organs });
    const training = [await make("1"), await make("2")], validation = [await make("3")];
    // Whoever reads files has a study made of files.
    return { name, organs, training, validation, validationScans: [] };
  }));
  return {
    name: "tiny",
    organs: Array.from({ length: count }, (_, i) => ({
      number: i + 1,
      name: `organ ${i + 1}`,
      nsdToleranceMm: 1,
    })),
    datasets,
    test: [],
    preprocessing: { spacingMm: [1, 1, 1], intensity: { scheme: "mr" } },
    patch: [8, 8, 8],
    network: { widths: [2, 4], strides: [[2, 2, 2]] },
    training: {
      batchSize: 1,
      partialOrganSteps: 4,
      fullOrganSteps: 4,
      learningRate: 0.01,
      warmupSteps: 1,
      validateEvery: 2,
    },
    vectors: tinyVectors(count),
    warnings: [],
  };
}

/** Of the organs' names: of eight dimensions, none alike. */
function tinyVectors(organs: number): OrganVectors {
  const vector = (seed: number) =>
    Array.from({ length: 8 }, (_, i) => Math.sin(1 + seed + 2 * i * (seed + 1)));
  return {
    file: "vectors.json",
    background: vector(0),
    organs: Array.from({ length: organs }, (_, i) => vector(i + 1)),
  };
}

/** The study's training cases as if every missing organ had got a perfect pseudo label. */
export async function completeTiny(folder: string, study: PreparedStudy): Promise<StoredCase[][]> {
  return await Promise.all(
    study.datasets.map(({ training }) =>
      Promise.all(training.map(({ id, labelSet }) => {
        const pseudoSet = study.organs.map(({ number }) => number).filter((k) => !labelSet.includes(k));
        return makeTinyCase(folder, id, { labelSet: [...labelSet], pseudoSet });
      }))
    ),
  );
}
