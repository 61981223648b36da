/**
 * Ctrl-C in two steps: ask for an orderly end, then insist.
 *
 * @module
 */

export interface Interrupts {
  /** Aborted at the first signal. */
  readonly stop: AbortSignal;
  /** Aborted at the second. */
  readonly kill: AbortSignal;
}

/**
 * Listens to Ctrl-C, the end of the terminal, and the SIGTERM of batch systems; and to the end of the `deno task` that
 * started the program, which passes on every signal but SIGKILL.
 *
 * @param onStop called at the first signal
 */
export function listenForInterrupts(onStop: () => void): Interrupts {
  const [stop, kill] = [new AbortController(), new AbortController()];
  let first = 0;
  const interrupt = () => {
    if (!stop.signal.aborted) {
      first = performance.now();
      onStop();
      stop.abort(new Error("Stopped before the run began"));
      // `deno task` may pass on the same Ctrl-C that the terminal has sent already.
    } else if (performance.now() - first > 1000) kill.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) Deno.addSignalListener(signal, interrupt);
  onOrphaned(interrupt);
  return { stop: stop.signal, kill: kill.signal };
}

/** Of programs that `deno task` has started, which tells them so: calls back once it is gone. */
function onOrphaned(callBack: () => void): void {
  if (!Deno.env.has("INIT_CWD")) return;
  const parent = Deno.ppid;
  const watch = setInterval(() => {
    if (Deno.ppid === parent) return;
    clearInterval(watch);
    callBack();
  }, 1000);
  Deno.unrefTimer(watch);
}
