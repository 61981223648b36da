/**
 * Forms of the same arithmetic, of which one is chosen by measuring: which is quickest depends on the processor, and no table
 * of names knows the next one.
 *
 * Forms may differ in the last bits, and a run must resume to the bit. So a choice is made once a machine and kept in a
 * file; it is only another form than the first where that is clearly quicker, so that no load of the machine decides; and
 * {@linkcode chosenForms} tells what was chosen, for a run's record.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { computeThreads } from "./compute_threads.ts";
import { cpuinfo } from "./cpuinfo.ts";
import { projectRoot } from "../setup/tool_paths.ts";

/** Another form must take at most this part of the first one's time. */
const CLEARLY = 0.8;
/** Each form's best round counts: what disturbs the machine makes forms slower, never quicker. */
const ROUNDS = 5;

export interface QuickestOptions {
  /** Where choices are kept. @default .setup/quickest of the project */
  folder?: string;
  /** All that may change which form is quickest. @default this machine's */
  machine?: string;
  /** Milliseconds. @default the process's clock */
  now?: () => number;
}

const chosen = new Map<string, string>();

/** What has been chosen in this process: forms by the name of the choice. */
export function chosenForms(): Record<string, string> {
  return Object.fromEntries(chosen);
}

/**
 * The quickest form on this machine: as it was found earlier, by any process; else each does its work a few times, in turn.
 *
 * @param name of the choice, such as "filter gradient"
 * @param forms the work of each, by name; all must give the same but for rounding. The first stays unless another is
 *   clearly quicker
 */
export function quickest<Form extends string>(
  name: string,
  forms: Record<Form, () => void>,
  {
    folder = join(projectRoot, ".setup", "quickest"),
    machine = thisMachine(),
    now = () => performance.now(),
  }: QuickestOptions = {},
): Form {
  const key = createHash("sha256").update(machine).digest("hex").slice(0, 12);
  const path = join(folder, `${name.replaceAll(" ", "_")}_${key}.json`);
  const form = keptForm(path, forms) ?? keep(path, { name, machine, ...measure(forms, now) }, forms);
  chosen.set(name, form);
  return form;
}

function measure<Form extends string>(forms: Record<Form, () => void>, now: () => number) {
  const names = Object.keys(forms) as [Form, ...Form[]];
  const ms = Object.fromEntries(names.map((form) => [form, Infinity])) as Record<Form, number>;
  for (let round = 0; round <= ROUNDS; round++) {
    for (const form of names) {
      const start = now();
      forms[form]();
      // The first round fills caches and compiles kernels.
      if (round > 0) ms[form] = Math.min(ms[form], now() - start);
    }
  }
  const [first] = names;
  const best = names.reduce((a, b) => ms[b] < ms[a] ? b : a);
  return { ms, form: ms[best] <= CLEARLY * ms[first] ? best : first };
}

function keptForm<Form extends string>(path: string, forms: Record<Form, () => void>): Form | undefined {
  try {
    const { form } = JSON.parse(Deno.readTextFileSync(path));
    return Object.hasOwn(forms, form) ? form : undefined;
  } catch {
    return undefined; // none yet, or not one of ours
  }
}

/** Of processes that measure at the same time the first one to end decides for all. */
function keep<Form extends string>(
  path: string,
  choice: { name: string; machine: string; ms: Record<Form, number>; form: Form },
  forms: Record<Form, () => void>,
): Form {
  const own = `${path}.${crypto.randomUUID()}.partial`;
  try {
    Deno.mkdirSync(join(path, ".."), { recursive: true });
    Deno.writeTextFileSync(own, JSON.stringify(choice, null, 2) + "\n");
    try {
      Deno.linkSync(own, path);
    } catch (error) {
      const other = keptForm(path, forms);
      if (other) return other;
      // A damaged file, or a file system without links.
      if (!(error instanceof Deno.errors.NotFound)) Deno.renameSync(own, path);
    }
  } catch {
    // Nowhere to keep it: it holds for this process, and another one measures again.
  } finally {
    try {
      Deno.removeSync(own);
    } catch { /* renamed, or never made */ }
  }
  return choice.form;
}

/** Processor, threads, and the settings and versions that decide which kernels the libraries have. */
function thisMachine(): string {
  const settings = ["ONEDNN_MAX_CPU_ISA", "TF_ENABLE_ONEDNN_OPTS", "TF_NUM_INTRAOP_THREADS"]
    .map((name) => `${name}=${Deno.env.get(name) ?? ""}`);
  return [processor(), `${computeThreads()} threads`, ...settings].join("; ");
}

function processor(): string {
  const text = cpuinfo();
  const field = (key: string) => text.match(new RegExp(`^${key}\\s*: (.*)$`, "m"))?.[1];
  return text === "" ? "unknown processor" : `${field("model name")}; ${field("flags")}`;
}
