/**
 * The Jupyter kernel this code runs in, if any.
 *
 * @module
 */

/** The part of `Deno.jupyter` that is used here. */
export interface JupyterKernel {
  broadcast(type: string, content: Record<string, unknown>): Promise<void>;
}

/** Undefined outside a kernel, where the getter `Deno.jupyter` throws. */
export function jupyterKernel(): JupyterKernel | undefined {
  try {
    return (Deno as unknown as { jupyter?: JupyterKernel }).jupyter;
  } catch {
    return undefined;
  }
}
