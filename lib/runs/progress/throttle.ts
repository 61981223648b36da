/**
 * Fewer calls.
 *
 * @module
 */

export interface Throttled<T> {
  /** Passes the value on, now or, if others were passed on just before, a moment later: the last one is never lost. */
  tell(value: T): void;
  /** Passes the value on now. */
  tellNow(value: T): void;
  /** Begins anew: drops what still waits, and passes the next value on at once. */
  restart(): void;
}

/** Calls `show` at most so many times a second. */
export function throttle<T>(perSecond: number, show: (value: T) => void): Throttled<T> {
  let last = -Infinity;
  let waiting: { value: T; timer: ReturnType<typeof setTimeout> } | undefined;
  const drop = () => {
    if (waiting) clearTimeout(waiting.timer);
    waiting = undefined;
  };
  const tellNow = (value: T) => {
    drop();
    last = performance.now();
    show(value);
  };
  return {
    tellNow,
    restart() {
      drop();
      last = -Infinity;
    },
    tell(value) {
      const rest = last + 1000 / perSecond - performance.now();
      if (rest <= 0) tellNow(value);
      else if (waiting) waiting.value = value;
      else {
        const timer = setTimeout(() => tellNow(waiting!.value), rest);
        timer.unref(); // it keeps no program waiting
        waiting = { value, timer };
      }
    },
  };
}
