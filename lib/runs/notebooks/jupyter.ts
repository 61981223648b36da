/**
 * The Jupyter kernel this code runs in, if any.
 *
 * @module
 */

/** The part of `Deno.jupyter` that is used here. */
export interface JupyterKernel {
  broadcast(type: string, content: Record<string, unknown>): Promise<void>;
}

/** What a notebook shows, by media type. */
export type MimeBundle = Record<string, unknown>;

/** One output of the cell that runs now, which can be shown anew in its place, also by later cells. */
export interface Display {
  show(data: MimeBundle): Promise<void>;
}

/** Undefined outside a kernel, where there is nothing to show anything on. */
export function createDisplay(): Display | undefined {
  const jupyter = jupyterKernel();
  if (!jupyter) return undefined;
  const content = { metadata: {}, transient: { display_id: crypto.randomUUID() } };
  let type = "display_data";
  return {
    show(data) {
      const shown = jupyter.broadcast(type, { data, ...content });
      type = "update_display_data";
      return shown;
    },
  };
}

/** Undefined outside a kernel, where the getter `Deno.jupyter` throws. */
export function jupyterKernel(): JupyterKernel | undefined {
  try {
    return (Deno as unknown as { jupyter?: JupyterKernel }).jupyter;
  } catch {
    return undefined;
  }
}
