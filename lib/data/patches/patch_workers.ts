/**
 * A few Deno workers that make batches, shared by the streams of a study.
 *
 * @module
 */
import type { BatchOptions } from "./make_batch.ts";
import type { PatchBatch } from "./patch_batch.ts";
import type { WorkerReply, WorkerRequest } from "./patch_worker.ts";
import type { StoredCase } from "../store/stored_case.ts";

export interface PatchWorkers {
  readonly workers: number;
  /** Makes a stream known to the workers; what it returns makes batches of it. */
  open(cases: readonly StoredCase[], options: BatchOptions): PatchMaker;
  /** Ends the workers. What is still asked for is refused. */
  close(): void;
}

export interface PatchMaker {
  /** @throws Error with the case's id and the reason */
  make(step: number): Promise<PatchBatch>;
  /** Frees what the workers keep of this stream. */
  close(): void;
}

/** Starts workers. Close them, or the process does not end. */
export function createPatchWorkers({ workers }: { workers: number }): PatchWorkers {
  if (!(Number.isInteger(workers) && workers >= 1)) {
    throw new RangeError(
      `Cannot start workers: their number must be a whole one >= 1, current value is ${workers}`,
    );
  }
  const pool = Array.from({ length: workers }, startWorker);
  let streams = 0;
  return {
    workers,
    open(cases, options) {
      const stream = streams++;
      for (const worker of pool) worker.post({ kind: "open", stream, cases, options });
      return {
        make(step) {
          const idlest = pool.reduce((best, worker) => worker.waiting < best.waiting ? worker : best);
          return idlest.make(stream, step);
        },
        close: () => pool.forEach((worker) => worker.post({ kind: "close", stream })),
      };
    },
    close: () => pool.forEach((worker) => worker.close()),
  };
}

function startWorker() {
  const worker = new Worker(new URL("./patch_worker.ts", import.meta.url), {
    type: "module",
    name: "patches",
  });
  const waiting = new Map<number, PromiseWithResolvers<PatchBatch>>();
  let requests = 0;
  let failure: string | undefined;

  worker.onmessage = ({ data }: MessageEvent<WorkerReply>) => {
    const promise = waiting.get(data.request)!;
    waiting.delete(data.request);
    if ("batch" in data) promise.resolve(data.batch);
    else promise.reject(new Error(data.error));
  };
  // The worker itself broke: it could not be loaded, or ran out of memory.
  worker.onerror = (event) => {
    event.preventDefault();
    end(`Cannot make patches: a worker stopped, ${event.message}`);
  };

  function end(reason: string) {
    failure ??= reason;
    worker.terminate();
    for (const promise of waiting.values()) promise.reject(new Error(failure));
    waiting.clear();
  }

  return {
    get waiting() {
      return waiting.size;
    },
    post(message: WorkerRequest) {
      if (!failure) worker.postMessage(message);
    },
    make(stream: number, step: number): Promise<PatchBatch> {
      if (failure) return Promise.reject(new Error(failure));
      const promise = Promise.withResolvers<PatchBatch>();
      const request = requests++;
      waiting.set(request, promise);
      worker.postMessage({ kind: "make", stream, request, step } satisfies WorkerRequest);
      return promise.promise;
    },
    close: () => end("Cannot make patches: the workers were closed"),
  };
}
