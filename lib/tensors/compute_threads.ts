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

/**
 * TensorFlow's own rule (process_util.cc, local_device.cc): the user's number, else a thread for each processor this process
 * may run on. OMP_NUM_THREADS and a container's share of time (`--cpus`) change nothing in it, though they change what
 * others, Deno among them, count.
 */
export function computeThreads(): number {
  const wanted = Deno.env.get("TF_NUM_INTRAOP_THREADS")?.trim() ?? "";
  return /^\d+$/.test(wanted) && Number(wanted) > 0 ? Number(wanted) : allowedProcessors();
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
