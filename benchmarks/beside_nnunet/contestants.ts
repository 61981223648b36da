/**
 * Who is compared.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import type { Study } from "../../lib/data/cohorts/study.ts";
import type { StartProgramOptions } from "../harness/talking_program.ts";
import { planChanges } from "./our_plan.ts";

/** By the names that the command takes. */
export const CONTESTANTS = {
  ours: { title: "Consilium, oracle" },
  nnunet: { title: "nnU-Net, its own plan" },
  nnunet_our_network: { title: "nnU-Net, our network and patch" },
} as const;

export type ContestantName = keyof typeof CONTESTANTS;

/** Threads that cut and augment patches beside those that train, on both sides. */
const PATCH_WORKERS = 1;

export interface ProgramOptions {
  /** As it was asked for: a name or a path, and perhaps a fold. */
  cohort: string;
  study: Study;
  deno: string;
  /** Of the peers' environment. */
  python: string;
  /** nnU-Net's raw data, which are its to read only. */
  raw: string;
  /** An empty folder for all else. */
  temporary: string;
  /** A folder that label maps of validation scans go to. */
  predictions: string;
  rehearsalSeconds: number;
}

/** How a contestant is started. Everyone computes on the processors, all of them. */
export function programOf(name: ContestantName, options: ProgramOptions): StartProgramOptions {
  const { cohort, study, deno, python, raw, temporary, predictions, rehearsalSeconds } = options;
  const settings = { rehearsalSeconds, seed: 1, predictions };
  const file = (name: string) => fromFileUrl(new URL(name, import.meta.url));
  const { title } = CONTESTANTS[name];
  const env = { CUDA_VISIBLE_DEVICES: "-1" };
  if (name === "ours") {
    const text = JSON.stringify({ ...settings, cohort, store: join(temporary, "store") });
    return { name: title, command: [deno, "run", "-A", file("ours.ts"), text], env };
  }
  const changes = name === "nnunet_our_network" ? planChanges(study) : null;
  return {
    name: title,
    command: [python, file("nnunet.py"), JSON.stringify({ ...settings, changes })],
    env: {
      ...env,
      nnUNet_raw: raw,
      nnUNet_preprocessed: join(temporary, "preprocessed"),
      nnUNet_results: join(temporary, "results"),
      nnUNet_def_n_proc: String(navigator.hardwareConcurrency),
      nnUNet_n_proc_DA: String(PATCH_WORKERS),
    },
  };
}
