/**
 * SIGINT as an AbortSignal: the stop button of JupyterLab and Ctrl-C.
 *
 * Without a listener SIGINT would kill the kernel with all its variables.
 *
 * @module
 */
import { jupyterKernel } from "../notebooks/jupyter.ts";

/** Thrown by whoever heeds the signal. */
export class StoppedError extends Error {
  override name = "StoppedError";

  constructor(message: string) {
    super(message);
    // A notebook shows the stack; nobody looks for a fault in the library because the button was pressed.
    this.stack = `${this.name}: ${message}`;
  }
}

export interface StopSignal {
  readonly signal: AbortSignal;
  /**
   * Work begins: it gets a new signal when the last stop was heeded; a stop that nobody has heeded yet is thrown.
   *
   * @throws StoppedError
   */
  renew(): AbortSignal;
  /** Stops listening, but not in a kernel: there the next SIGINT would kill all variables. */
  close(): void;
}

/** One cell runs at a time, so a kernel has one signal for all that it does. */
let ofKernel: StopSignal | undefined;

/** Listens to SIGINT until closed. */
export function listenForStop(): StopSignal {
  if (!jupyterKernel()) return listen();
  return ofKernel ??= Object.assign(listen(), { close: () => {} });
}

function listen(): StopSignal {
  let [controller, heeded] = [new AbortController(), false];
  const stop = () => controller.abort(new StoppedError("Stopped; run it again to go on"));
  const begin = (): AbortSignal => {
    [controller, heeded] = [new AbortController(), false];
    const { signal } = controller;
    // Whoever throws the reason has heeded it: the same cell, run again, must not be stopped by the old signal.
    signal.throwIfAborted = () => {
      if (!signal.aborted) return;
      heeded = true;
      throw signal.reason;
    };
    return signal;
  };
  begin();
  Deno.addSignalListener("SIGINT", stop);
  return {
    get signal() {
      return controller.signal;
    },
    renew() {
      if (!heeded) controller.signal.throwIfAborted();
      return heeded ? begin() : controller.signal;
    },
    close: () => Deno.removeSignalListener("SIGINT", stop),
  };
}
