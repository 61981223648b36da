/**
 * What runs need of a Jupyter notebook file: its cells, their tags, and which source it is.
 *
 * @module
 */
import { z } from "zod";
import { parseOwnJson } from "../../data/own_json.ts";
import { contentHash } from "../../files/content_hash.ts";
import { readTextIfThere } from "../../files/whole_file.ts";

const lines = z.union([z.string(), z.array(z.string())]).transform((text) => [text].flat().join(""));

const cellSchema = z.looseObject({
  cell_type: z.string(),
  source: lines,
  metadata: z.looseObject({ tags: z.array(z.string()).optional() }),
  outputs: z.array(z.looseObject({ output_type: z.string() })).optional(),
});

const notebookSchema = z.looseObject({
  cells: z.array(cellSchema),
  metadata: z.looseObject({ papermill: z.record(z.string(), z.unknown()).optional() }),
  nbformat: z.literal(4),
});

export type NotebookCell = z.infer<typeof cellSchema>;
export type Notebook = z.infer<typeof notebookSchema>;

/** A notebook's file at one moment. */
export interface NotebookFile {
  path: string;
  text: string;
  notebook: Notebook;
}

/** How often a file that is no whole JSON is read, and milliseconds between: an editor may be saving it. */
const patience = { times: 50, milliseconds: 100 };

/**
 * Reads a notebook's file. While an editor saves it, it is empty or cut short: then it is read again, for five seconds.
 *
 * @throws Error when the file is missing or no notebook of format 4
 */
export async function readNotebookFile(path: string): Promise<NotebookFile> {
  for (let attempt = 1;; attempt++) {
    const text = await readTextIfThere(path);
    if (text === undefined) throw new Error(`Cannot read notebook: no such file (${path})`);
    try {
      return { path, text, notebook: parseNotebook(text, path) };
    } catch (error) {
      const halfSaved = (error as Error).cause instanceof SyntaxError;
      if (!halfSaved || attempt === patience.times) throw error;
    }
    await new Promise((done) => setTimeout(done, patience.milliseconds));
  }
}

/** The notebook in a file; see {@linkcode readNotebookFile}. */
export async function readNotebook(path: string): Promise<Notebook> {
  return (await readNotebookFile(path)).notebook;
}

/**
 * @param path for the error
 * @throws Error when the text is no notebook of format 4
 */
export function parseNotebook(text: string, path: string): Notebook {
  return parseOwnJson(text, { schema: notebookSchema, path, action: "read notebook" });
}

export function hasTag(cell: NotebookCell, tag: string): boolean {
  return cell.metadata.tags?.includes(tag) ?? false;
}

/**
 * Hash of what the notebook computes: its code cells' source. Outputs and text are no part of it, nor the cell
 * tagged `parameters` and the one in which papermill sets them, whose values a run's identity holds anyway.
 */
export function sourceHash(notebook: Notebook): Promise<string> {
  const values = (cell: NotebookCell) => hasTag(cell, "parameters") || hasTag(cell, "injected-parameters");
  const code = notebook.cells.filter((cell) => cell.cell_type === "code" && !values(cell));
  return contentHash(code.map((cell) => cell.source.trimEnd()));
}
