/** Readers of other people's files. */
import { join } from "@std/path";
import { readCohort } from "../../../lib/data/cohorts/read_cohort.ts";
import { readDataset } from "../../../lib/data/datasets/dataset.ts";
import { readOrganVectors } from "../../../lib/data/organ_vectors.ts";
import { canonicalJson } from "../../../lib/files/content_hash.ts";
import { bytesHash } from "../../../lib/files/seal.ts";
import { loadScan } from "../../../lib/imaging/load_scan.ts";
import { writeNifti } from "../../../lib/imaging/nifti/write_nifti.ts";
import { readClaim } from "../../../lib/comparison/claims/claim.ts";
import { everyMetric, metrics } from "../../../lib/metrics/metric.ts";
import type { ScoreRow } from "../../../lib/metrics/score_row.ts";
import { readScores, scoresToCsv } from "../../../lib/runs/tables/scores.ts";
import { declaredParameters } from "../../../lib/runs/notebooks/parameters.ts";
import { parseNotebook } from "../../../lib/runs/notebooks/notebook.ts";
import { projectRoot } from "../../../lib/setup/tool_paths.ts";
import { tinyCases, writeDecathlon, writeNnunet } from "../../support/data/datasets/tiny_dataset.ts";
import type { Form } from "../mutations.ts";
import type { Target } from "../target.ts";

const digest = (value: unknown) => bytesHash(canonicalJson(value));

/** A copy of one of the project's own files, and its reader. */
function copied(
  name: string,
  { from, read }: { from: string; read: (path: string) => Promise<unknown> },
): Target {
  return {
    name,
    owes: "foreign",
    async prepare(folder) {
      const path = join(folder, from.split("/").at(-1)!);
      await Deno.copyFile(join(projectRoot, from), path);
      return { files: [{ path, form: "text" }], read: async () => digest(await read(path)) };
    },
  };
}

function scan(name: string, { file, form }: { file: string; form: Form }): Target {
  return {
    name,
    owes: "foreign",
    async prepare(folder) {
      const path = join(folder, file), data = Int16Array.from({ length: 60 }, (_, voxel) => voxel * 7 - 100);
      const affine = [[2, 0, 0, -10], [0, 2, 0, 5], [0, 0, 3, 7], [0, 0, 0, 1]];
      await writeNifti(path, { data, shape: [3, 4, 5], affine });
      return {
        files: [{ path, form }],
        async read() {
          const { shape, affine, data } = await loadScan(path);
          const voxels = shape.reduce((product, size) => product * size, 1);
          if (voxels !== data.length || affine.flat().some((value) => !Number.isFinite(value))) {
            return "impossible";
          }
          return digest([shape, affine, [...data].map(String)]);
        },
        // Of those that are compressed nearly none is read; one of the two is enough to compare.
        ...form === "header" && {
          async explain() {
            const { shape, affine, data, notes } = await loadScan(path);
            return { shape, affine, data: [...data].map(String), notes };
          },
        },
      };
    },
  };
}

function dataset(name: string, write: typeof writeDecathlon): Target {
  return {
    name,
    owes: "foreign",
    async prepare(folder) {
      await write(folder, tinyCases(3));
      return {
        files: [{ path: join(folder, "dataset.json"), form: "text" }],
        async read() {
          const { labels, ...rest } = await readDataset(folder);
          return digest([[...labels], rest]);
        },
        async explain() {
          const { labels, cases, notes } = await readDataset(folder);
          return { labels: Object.fromEntries(labels), cases: cases.map(({ id }) => id), notes };
        },
      };
    },
  };
}

/** Of a run that was recorded before tables had checksums, or of anybody's own. */
const scores: Target = {
  name: "table of scores",
  owes: "foreign",
  async prepare(folder) {
    const path = join(folder, "metrics.csv");
    const rows = [0.5, 0.25, NaN].map((dice, index) => ({
      case: `case, "${index}"`,
      dataset: "a",
      organ: ["liver", "left kidney"][index % 2]!,
      dice,
      hd95: index === 1 ? Infinity : 1.5 * index,
      assd: index / 7,
      nsd: 1 - index / 3,
    }));
    await Deno.writeTextFile(path, scoresToCsv(rows));
    return {
      files: [{ path, form: "text" }],
      read: async () => digest(numbersAsText(await readScores(path))),
      explain: async () => ({ rows: numbersAsText(await readScores(path)) }),
    };
  },
};

/** JSON has neither NaN nor infinity. */
function numbersAsText(rows: readonly ScoreRow[]) {
  return rows.map((row) => ({
    case: row.case,
    dataset: row.dataset,
    organ: row.organ,
    numbers: Object.fromEntries(
      everyMetric.filter((metric) => row[metric] !== undefined)
        .map((metric) => [metrics[metric].column, String(row[metric])]),
    ),
  }));
}

export const foreign: Target[] = [
  scores,
  scan("NIfTI", { file: "scan.nii", form: "header" }),
  scan("NIfTI, gzip", { file: "scan.nii.gz", form: "bytes" }),
  dataset("dataset.json, Decathlon", writeDecathlon),
  dataset("dataset.json, nnU-Net", writeNnunet),
  copied("cohort", { from: "experiments/cohorts/phantom.json", read: readCohort }),
  copied("claim card", { from: "experiments/claims/label_dropout.json", read: readClaim }),
  copied("vectors of names", {
    from: "experiments/embeddings/organs.json",
    read: async (path) => {
      const { background, organs } = await readOrganVectors(path, ["Liver", "Spleen"]);
      return [[...background], organs];
    },
  }),
  copied("notebook", {
    from: "experiments/single_marginal.ipynb",
    // Reading the file itself waits for an editor that may be saving it.
    read: async (path) => declaredParameters(parseNotebook(await Deno.readTextFile(path), path), path),
  }),
];
