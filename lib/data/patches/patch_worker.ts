/**
 * The worker's side of patch_workers.ts: makes batches on request.
 *
 * @module
 */
/// <reference lib="deno.worker" />
import { type BatchOptions, makeBatch } from "./make_batch.ts";
import type { PatchBatch } from "./patch_batch.ts";
import type { StoredCase } from "../store/stored_case.ts";

/** To the worker. */
export type WorkerRequest =
  | { kind: "open"; stream: number; cases: readonly StoredCase[]; options: BatchOptions }
  | { kind: "make"; stream: number; request: number; step: number }
  | { kind: "close"; stream: number };

/** From the worker. */
export type WorkerReply =
  | { request: number; batch: PatchBatch }
  | { request: number; error: string };

const streams = new Map<number, { cases: readonly StoredCase[]; options: BatchOptions }>();

self.onmessage = async ({ data }: MessageEvent<WorkerRequest>) => {
  if (data.kind === "open") {
    streams.set(data.stream, data);
  } else if (data.kind === "close") {
    streams.delete(data.stream);
  } else {
    const { request, step } = data;
    try {
      const { cases, options } = streams.get(data.stream)!;
      const batch = await makeBatch(cases, step, options);
      reply({ request, batch }, [batch.images.buffer as ArrayBuffer, batch.labels.buffer as ArrayBuffer]);
    } catch (error) {
      reply({ request, error: (error as Error).message }, []);
    }
  }
};

function reply(message: WorkerReply, transfer: Transferable[]) {
  self.postMessage(message, transfer);
}
