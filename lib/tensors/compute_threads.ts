/**
 * How many threads TensorFlow computes with.
 *
 * @module
 */

const libc = {
  sched_getaffinity: { parameters: ["i32", "usize", "buffer"], result: "i32" },
} as const;

/** Of a set of 8,192 processors; the kernel wants room for all it may have. */
const BYTES = 1024;

/** How TensorFlow is told of threads: within one operation, and of operations side by side. */
const variables = { intra: "TF_NUM_INTRAOP_THREADS", inter: "TF_NUM_INTEROP_THREADS" };

/** @throws Error when a variable is no number: TensorFlow would pass over it */
export function checkThreads(): void {
  for (const name of Object.values(variables)) {
    const value = Deno.env.get(name) ?? "";
    if (/^\s*\d*\s*$/.test(value)) continue;
    throw new Error(
      `Cannot load TensorFlow: ${name} must be a whole number, 0 or more (0: TensorFlow's choice), current value is "${value}"`,
    );
  }
}

/**
 * TensorFlow's own rule (process_util.cc, local_device.cc): the user's number, else a thread for each processor this process
 * may run on. OMP_NUM_THREADS and a container's share of time (`--cpus`) change nothing in it, though they change what
 * others, Deno among them, count.
 */
export function computeThreads(): number {
  checkThreads();
  return Number(Deno.env.get(variables.intra) ?? "") || allowedProcessors();
}

/**
 * Leaves each of several programs that this process is going to start its share of the threads: a run's record says how many it
 * had, since both read the same variable. What the user has set stays.
 */
export function shareThreads(programs: number): void {
  if (Number(Deno.env.get(variables.intra) ?? "") > 0) return;
  Deno.env.set(variables.intra, String(Math.max(1, Math.floor(computeThreads() / programs))));
}

/** Deno's own number where the C library may not be called: such a process does not load TensorFlow either. */
function allowedProcessors(): number {
  try {
    const library = Deno.dlopen("libc.so.6", libc);
    try {
      const set = new Uint8Array(BYTES);
      if (library.symbols.sched_getaffinity(0, BigInt(BYTES), set) !== 0) {
        return navigator.hardwareConcurrency;
      }
      return set.reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0);
    } finally {
      library.close();
    }
  } catch {
    return navigator.hardwareConcurrency;
  }
}
