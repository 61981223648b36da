/**
 * Keeps a native library's greetings out of the user's terminal and notebook.
 *
 * @module
 */

const libc = {
  memfd_create: { parameters: ["buffer", "u32"], result: "i32" },
  dup: { parameters: ["i32"], result: "i32" },
  dup2: { parameters: ["i32", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  pread: { parameters: ["i32", "buffer", "usize", "i64"], result: "isize" },
} as const;

/**
 * Runs `load` and drops the lines matching `noise` that it writes to stderr, natively or not; the others are written
 * once it has ended, also when it fails.
 *
 * TensorFlow prints two lines from a static initialiser, before any setting can be made and whatever
 * TF_CPP_MIN_LOG_LEVEL says; so file descriptor 2 itself is an anonymous file for the time of loading.
 */
export async function loadQuietly<T>(load: () => Promise<T>, noise: RegExp): Promise<T> {
  const library = Deno.dlopen("libc.so.6", libc);
  const { memfd_create, dup, dup2, close, pread } = library.symbols;
  const stderr = dup(2);
  const captured = memfd_create(new TextEncoder().encode("stderr\0"), 0);
  dup2(captured, 2);
  try {
    return await load();
  } finally {
    dup2(stderr, 2);
    close(stderr);
    const buffer = new Uint8Array(1 << 16);
    const length = Math.max(0, Number(pread(captured, buffer, BigInt(buffer.length), 0n)));
    close(captured);
    library.close();
    const lines = new TextDecoder().decode(buffer.subarray(0, length)).split(/(?<=\n)/);
    Deno.stderr.writeSync(new TextEncoder().encode(lines.filter((line) => !noise.test(line)).join("")));
  }
}
