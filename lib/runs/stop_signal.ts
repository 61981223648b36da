/**
 * SIGINT as an AbortSignal: the stop button of JupyterLab and Ctrl-C.
 *
 * Without a listener SIGINT would kill the kernel with all its variables.
 *
 * @module
 */
import { jupyterKernel } from "./jupyter.ts";

/** Thrown by whoever heeds the signal. */
export class StoppedError extends Error {
  override name = "StoppedError";
}

export interface StopSignal {
  readonly signal: AbortSignal;
  /** Begins anew when the stop was obeyed; a stop that nobody has obeyed yet is thrown. */
  renew(): void;
  /** The stop was obeyed: the state is saved. */
  obeyed(): void;
  /** Stops listening, but not in a kernel: there the next SIGINT would kill all variables. */
  close(): void;
}

/** Listens to SIGINT until closed. */
export function listenForStop(): StopSignal {
  let controller = new AbortController();
  let obeyed = false;
  const stop = () =>
    controller.abort(new StoppedError("Stopped; the same start goes on from the last checkpoint"));
  Deno.addSignalListener("SIGINT", stop);
  return {
    get signal() {
      return controller.signal;
    },
    renew() {
      if (!controller.signal.aborted) return;
      if (!obeyed) {
        obeyed = true;
        controller.signal.throwIfAborted();
      }
      controller = new AbortController();
      obeyed = false;
    },
    obeyed() {
      obeyed = controller.signal.aborted;
    },
    close() {
      if (!jupyterKernel()) Deno.removeSignalListener("SIGINT", stop);
    },
  };
}
