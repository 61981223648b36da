/** A run's folder with models that have learnt nothing, and scans of odd grids for them. */
import { join } from "@std/path";
import type { Affine, Shape } from "../../../lib/imaging/volume.ts";
import { writeNifti } from "../../../lib/imaging/nifti/write_nifti.ts";
import { type Bundle, saveBundle } from "../../../lib/models/bundle.ts";
import { createUnet } from "../../../lib/models/unet.ts";
import type { Precision } from "../../../lib/models/unet_options.ts";
import { openRun } from "../../../lib/runs/open_run.ts";

export interface TinyRunOptions {
  /** @default "best" */
  inference?: Bundle["inference"];
  /** What the models say they were trained in. @default nothing: float32 */
  precision?: Precision;
  /** @default true */
  weights?: boolean;
  /** @default true */
  finished?: boolean;
}

/** Two models of Liver and Spleen (merged: one of each) at 2 mm; the run's seed is 2, its experiment `mutual`. */
export async function tinyRun(results: string, options: TinyRunOptions = {}): Promise<string> {
  const { inference = "best", precision, weights = true, finished = true } = options;
  const run = await openRun("mutual", { cohort: "phantom", seed: 2 }, {
    results,
    cohort: "phantom",
    methodVersion: 1,
    data: { hash: inference + weights + finished, cases: {} },
  });
  const network = { widths: [2, 4], strides: [[2, 2, 2]] as [number, number, number][], precision };
  const models = ["one", "two"].map((name, i) => {
    const organs = inference === "merged" ? [i + 1] : [1, 2];
    const model = createUnet({ classes: organs.length + 1, ...network, seed: i + 1 });
    return { name, organs, model, validationDice: i === 0 ? -Infinity : 0.5 };
  });
  if (weights) {
    await saveBundle(join(run.folder, "weights"), {
      organs: [{ number: 1, name: "Liver" }, { number: 2, name: "Spleen" }],
      preprocessing: { spacingMm: [2, 2, 2], intensity: { scheme: "mr" } },
      window: [8, 8, 8],
      network,
      inference,
      models,
    });
  }
  for (const { model } of models) model.dispose();
  await (finished ? run.finish([]) : run.fail(new Error("broken")));
  return run.folder;
}

export interface OddScanOptions {
  /** @default [9, 6, 7] */
  shape?: Shape;
  /** The voxel that is not a number. @default none */
  nan?: number;
}

/** An oblique scan in left-superior-posterior order, whose header says sform code 4 and qform code 2. */
export async function writeOddScan(path: string, options: OddScanOptions = {}): Promise<void> {
  const { shape = [9, 6, 7], nan } = options;
  const data = Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, v) => Math.sin(v) * 100);
  if (nan !== undefined) data[nan] = NaN;
  const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
  const affine: Affine = [[-2 * c, 0, 3 * s, 11], [-2 * s, 0, -3 * c, 5], [0, 1.5, 0, -7], [0, 0, 0, 1]];
  const plain = path.replace(/\.gz$/, "");
  await writeNifti(plain, { data, shape, affine });
  const bytes = await Deno.readFile(plain);
  const view = new DataView(bytes.buffer);
  view.setInt16(252, 2, true);
  view.setInt16(254, 4, true);
  if (plain === path) return await Deno.writeFile(path, bytes);
  await Deno.remove(plain);
  const zipped = new Response(bytes).body!.pipeThrough(new CompressionStream("gzip"));
  await Deno.writeFile(path, zipped);
}
