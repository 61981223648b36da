/** Bytes that this file's tests hold, in V8's heap and in buffers: the process's own figure is of all files that run beside it. */
export function heldMemory(): number {
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}
