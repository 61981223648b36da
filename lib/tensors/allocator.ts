/**
 * How the C library hands out memory to TensorFlow.
 *
 * @module
 */

/** Numbers of glibc's `mallopt` (malloc.h). */
const M_TRIM_THRESHOLD = -1, M_MMAP_THRESHOLD = -3;
const MIB = 2 ** 20;

/**
 * Lets blocks up to 128 MiB be reused instead of given back to the system, and keeps up to 512 MiB of freed memory.
 *
 * By itself glibc asks the system for every block above 32 MiB and gives it back when it is freed. oneDNN's gradients by
 * filters in bfloat16 take such blocks at every call, and the system must fill each of their pages with zeros: 28,000 page
 * faults in a step of 2×64³ voxels, a tenth of its time. Without glibc this does nothing.
 */
export function keepFreedMemory(): void {
  if (Deno.build.os !== "linux") return;
  try {
    const libc = Deno.dlopen("libc.so.6", { mallopt: { parameters: ["i32", "i32"], result: "i32" } });
    libc.symbols.mallopt(M_MMAP_THRESHOLD, 128 * MIB);
    libc.symbols.mallopt(M_TRIM_THRESHOLD, 512 * MIB);
  } catch {
    // Another C library: it has its own ways.
  }
}
