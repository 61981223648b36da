/**
 * Tables on disk.
 *
 * @module
 */
import { join } from "@std/path";
import { writeWholeFile } from "../../files/whole_file.ts";
import { tableToLatex } from "./latex_table.ts";
import { type Table, tableToMarkdown } from "./table.ts";

export interface SaveTableOptions {
  /** Is made where it does not exist. */
  folder: string;
  /** Of the files, without extension, and the table's label in LaTeX. */
  name: string;
}

/** Paths of what was written. */
export interface SavedTable {
  markdown: string;
  latex: string;
}

/**
 * Writes `name.md` and `name.tex`.
 *
 * @throws {Error} The name is not that of a file.
 *
 * @example
 * ```ts
 * import { readArms, scoresByArm } from "consilium/results";
 * import { organTable, saveTable } from "consilium/plots";
 *
 * const scores = scoresByArm(await readArms("hippocampus"));
 * const { markdown, latex } = await saveTable(organTable(scores), { folder: "tables", name: "organs" });
 * ```
 */
export async function saveTable(table: Table, { folder, name }: SaveTableOptions): Promise<SavedTable> {
  if (!/^[A-Za-z0-9][\w.-]*$/.test(name)) {
    throw new Error(
      `Cannot save table: name must be letters, digits, "_", "-" and ".", current value is "${name}" (${folder})`,
    );
  }
  const paths = { markdown: join(folder, `${name}.md`), latex: join(folder, `${name}.tex`) };
  await writeWholeFile(paths.markdown, tableToMarkdown(table));
  await writeWholeFile(paths.latex, tableToLatex(table, { label: name }));
  return paths;
}
