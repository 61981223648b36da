/**
 * Other label maps of a study's cases (completed, scribbled, coarsened, dropped) as a stage: made once for the same cases and
 * options, one case after the other, so that a stop loses the case in progress at most.
 *
 * @module
 */
import { dirname, join, relative } from "@std/path";
import type { LabelSet } from "../data/label_set.ts";
import { type DerivedLabels, writeDerivedLabels } from "../data/store/derived_labels.ts";
import { contentOf } from "../data/store/prepared_study.ts";
import { readStoredLabels } from "../data/store/store.ts";
import type { StoredCase } from "../data/store/stored_case.ts";
import { exists } from "../files/whole_folder.ts";
import { eventLoopTurn } from "../inference/event_loop.ts";
import type { Recorder, StageRecorder } from "../training/recorder.ts";
import type { StageState } from "../training/stage_state.ts";

/** A way to derive label maps. Notes and rows are plain data: NaN among them is null when it comes back. */
export interface Derivation<Note = null, Row = never> {
  /** Of the stage. */
  name: string;
  /** What its results depend on beside the cases, as JSON: the stage's identity. */
  options: Readonly<Record<string, unknown>>;
  /** The label map of one case, and what is to be known of it when all are settled. */
  derive(stored: StoredCase, signal: AbortSignal): Promise<DerivedLabels & { note: Note }>;
  /**
   * What only all cases together tell: the pseudo-labelled organs that each of them keeps (the others become unlabelled), and
   * rows of a report. @default maps stay as they were derived
   */
  settle?(notes: readonly Note[]): { kept: readonly LabelSet[]; rows: Row[] };
  /** Called after every case. */
  onProgress?(done: number, stage: StageRecorder): void;
}

/** The cases with their derived label maps. */
export interface DerivedStudy<Row> {
  /** By dataset. */
  datasets: StoredCase[][];
  rows: Row[];
}

/** What is kept of a case: its label map lies in the stage's folder. */
interface CaseRecord extends Pick<StoredCase, "id" | "pseudoSet" | "locations"> {
  labels: string;
  /** Where it is not the case's own. */
  labelSet?: LabelSet;
}

/** Derives the label maps of all cases, goes on where it was stopped, or finds them derived. */
export async function deriveLabels<Note, Row>(
  datasets: readonly (readonly StoredCase[])[],
  recorder: Recorder,
  derivation: Derivation<Note, Row>,
): Promise<DerivedStudy<Row>> {
  const stage = await recorder.stage(derivation.name, {
    ...derivation.options,
    cases: datasets.map((cases) => cases.map(contentOf)),
  });
  if (!stage.finished) {
    const settled = await stage.restore("result") ?? await deriveAll(datasets.flat(), stage, derivation);
    // Before the end, which takes checksums of all that is there; a stop meanwhile has the result to go on from.
    await removeDrafts(stage, settled.meta.records as CaseRecord[]);
    await stage.finish();
  }
  const { meta } = (await stage.restore("result"))!;
  // By their place, not by id: datasets may share a scan, and each of them has labels of its own.
  const records = (meta.records as CaseRecord[]).values();
  return {
    datasets: datasets.map((cases) =>
      cases.map((stored) => withRecord(stored, records.next().value!, stage))
    ),
    rows: meta.rows as Row[],
  };
}

async function deriveAll<Note, Row>(
  cases: readonly StoredCase[],
  stage: StageRecorder,
  derivation: Derivation<Note, Row>,
): Promise<StageState> {
  const derived: StoredCase[] = [], notes: Note[] = [];
  for (const [index, stored] of cases.entries()) {
    await eventLoopTurn();
    stage.signal.throwIfAborted();
    const { record, note } = await derivedCase(stored, stage, { ...derivation, place: `case_${index}` });
    derived.push(withRecord(stored, record, stage));
    notes.push(note);
    derivation.onProgress?.(index + 1, stage);
  }
  const { kept, rows } = derivation.settle?.(notes) ??
    { kept: derived.map((one) => one.pseudoSet), rows: [] };
  const records: CaseRecord[] = [];
  for (const [index, stored] of cases.entries()) {
    const one = await keepOrgans(stored, derived[index]!, { kept: kept[index]!, folder: stage.folder });
    records.push(recordOf(one, stored, stage));
  }
  await stage.save("result", { tensors: {}, meta: { records, rows } });
  return (await stage.restore("result"))!;
}

/** What a case gave, now or before a stop: always as it is read back, so that both are the same. */
async function derivedCase<Note, Row>(
  stored: StoredCase,
  stage: StageRecorder,
  { derive, place }: Derivation<Note, Row> & { place: string },
): Promise<{ record: CaseRecord; note: Note }> {
  const before = await stage.restore(place);
  if (before) return before.meta as { record: CaseRecord; note: Note };
  const { note, ...labels } = await derive(stored, stage.signal);
  const record = recordOf(await writeDerivedLabels(stored, labels, stage.folder), stored, stage);
  await stage.save(place, { tensors: {}, meta: { record, note } });
  return (await stage.restore(place))!.meta as { record: CaseRecord; note: Note };
}

/** The case with the pseudo labels of some organs only. */
async function keepOrgans(
  stored: StoredCase,
  derived: StoredCase,
  { kept, folder }: { kept: LabelSet; folder: string },
): Promise<StoredCase> {
  const dropped = derived.pseudoSet.filter((organ) => !kept.includes(organ));
  if (dropped.length === 0) return derived;
  const codes = await readStoredLabels(derived);
  const labels = codes.map((code) => dropped.includes(code) ? 0 : code);
  return await writeDerivedLabels(stored, { labels, labelSet: derived.labelSet, pseudoSet: kept }, folder);
}

function recordOf(derived: StoredCase, stored: StoredCase, { folder }: StageRecorder): CaseRecord {
  const { id, pseudoSet, locations, labels, labelSet } = derived;
  const record = { id, pseudoSet, locations, labels: relative(folder, labels) };
  return String(labelSet) === String(stored.labelSet) ? record : { ...record, labelSet };
}

function withRecord(stored: StoredCase, record: CaseRecord, { folder }: StageRecorder): StoredCase {
  return { ...stored, ...record, labels: join(folder, record.labels) };
}

/** Maps that no case has in the end. */
async function removeDrafts({ folder }: StageRecorder, records: readonly CaseRecord[]): Promise<void> {
  const kept = new Set(records.map(({ labels }) => dirname(labels)));
  for (const { name } of await exists(folder) ? await Array.fromAsync(Deno.readDir(folder)) : []) {
    if (!kept.has(name)) await Deno.remove(join(folder, name), { recursive: true });
  }
}
