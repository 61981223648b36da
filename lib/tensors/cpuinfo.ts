/**
 * What Linux tells of the processor.
 *
 * @module
 */

const libc = {
  fopen: { parameters: ["buffer", "buffer"], result: "pointer" },
  fread: { parameters: ["buffer", "usize", "usize", "pointer"], result: "usize" },
  fclose: { parameters: ["pointer"], result: "i32" },
} as const;

/** The first processor of many takes 2 KiB or so. */
const BYTES = 2 ** 16;

/**
 * The beginning of /proc/cpuinfo, "" where there is none.
 *
 * Deno itself may read /proc with all permissions only, and not every command may start programs; but whoever loads
 * TensorFlow may call the C library.
 */
export function cpuinfo(): string {
  try {
    const library = Deno.dlopen("libc.so.6", libc);
    try {
      const { fopen, fread, fclose } = library.symbols;
      const file = fopen(cString("/proc/cpuinfo"), cString("r"));
      if (file === null) return "";
      const bytes = new Uint8Array(BYTES);
      const count = fread(bytes, 1n, BigInt(BYTES), file);
      fclose(file);
      return new TextDecoder().decode(bytes.subarray(0, Number(count)));
    } finally {
      library.close();
    }
  } catch {
    return ""; // another C library, or no permission to call it
  }
}

const cString = (text: string) => new TextEncoder().encode(`${text}\0`);
