/**
 * Batches of patches, one after the other, made ahead of the trainer.
 *
 * @module
 */
import { type BatchOptions, makeBatch } from "./make_batch.ts";
import type { PatchBatch } from "./patch_batch.ts";
import { createPatchWorkers, type PatchMaker, type PatchWorkers } from "./patch_workers.ts";
import type { StoredCase } from "../store/stored_case.ts";

export interface PatchStreamOptions extends BatchOptions {
  /** The number of the first batch: where an interrupted training goes on. @default 0 */
  firstStep?: number;
  /** The number after the last batch. @default Infinity */
  steps?: number;
  /**
   * How many workers make batches ahead; 0 makes each in the caller's own thread when it is asked for. Streams share
   * workers when they are given those of createPatchWorkers, which then outlive the stream.
   * @default 0
   */
  workers?: number | PatchWorkers | undefined;
  /** Batches made ahead, at most. @default workers + 1 */
  ahead?: number;
  /** Ends the waiting for a batch. */
  signal?: AbortSignal;
}

export interface PatchStream {
  /**
   * The next batch, in order. It depends on the cases, the options that make a batch, and its number only: not on the
   * workers, nor on where the stream began.
   *
   * @throws Error with the case's id and the reason; RangeError after the last batch; the signal's reason
   */
  next(): Promise<PatchBatch>;
  /** Ends the stream and the workers it started itself. */
  close(): void;
}

/**
 * Opens a stream of batches.
 *
 * @param cases at least one; their order matters
 * @throws RangeError when there is no case
 */
export function openPatchStream(
  cases: readonly StoredCase[],
  { firstStep = 0, steps = Infinity, workers = 0, ahead, signal, ...options }: PatchStreamOptions,
): PatchStream {
  if (cases.length === 0) {
    throw new RangeError(
      `Cannot open a stream of patches: ${options.stream} must have at least 1 case, it has 0`,
    );
  }
  const own = typeof workers === "number" && workers > 0 ? createPatchWorkers({ workers }) : undefined;
  const pool = own ?? (typeof workers === "number" ? undefined : workers);
  const maker = pool ? pool.open(cases, options) : inlineMaker(cases, options);
  const depth = pool ? ahead ?? pool.workers + 1 : 0;
  const made: Promise<PatchBatch>[] = [];
  let step = firstStep;

  function makeAhead(count: number) {
    for (; made.length < count && step < steps; step++) {
      const batch = maker.make(step);
      // A failure is reported by the next() it belongs to, not as unhandled before that.
      batch.catch(() => {});
      made.push(batch);
    }
  }

  makeAhead(depth);
  return {
    async next() {
      signal?.throwIfAborted();
      makeAhead(1);
      const batch = made.shift();
      if (!batch) throw new RangeError(`Cannot draw another batch: the stream ends after step ${steps - 1}`);
      makeAhead(depth);
      return await orAborted(batch, signal);
    },
    close() {
      maker.close();
      own?.close();
    },
  };
}

function inlineMaker(cases: readonly StoredCase[], options: BatchOptions): PatchMaker {
  return { make: (step) => makeBatch(cases, step, options), close: () => {} };
}

async function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return await promise;
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
