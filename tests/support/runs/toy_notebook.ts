/** A notebook on the fake training, for tests of its execution. */

export interface ToyOptions {
  /** @default "toy" */
  experiment?: string;
  /** Source of a last cell. @default none */
  last?: string;
  /** Time of a training step. @default 0 */
  milliseconds?: number;
}

/**
 * Writes a notebook with the parameters `cohort` and `seed`; a cell tagged `scans` shows the word SECRET. Its training is
 * held by the folder of results.
 */
export async function writeToyNotebook(
  path: string,
  results: string,
  options: ToyOptions = {},
): Promise<void> {
  const library = JSON.stringify(new URL("../../../lib/runs/open_run.ts", import.meta.url).href);
  const training = JSON.stringify(new URL("fake_training.ts", import.meta.url).href);
  const folders = JSON.stringify({ results, notebook: path });
  await writeNotebook(path, [
    [["parameters"], 'let cohort = "toy"; // name\nlet seed = 1; // 1, of everything random'],
    [[], `const { openRun } = await import(${library}); const fake = await import(${training});`],
    [
      [],
      `const run = await openRun("${
        options.experiment ?? "toy"
      }", { cohort, seed }, { ...fake.fakeOptions(""), ...${folders} });`,
    ],
    [["scans"], 'console.log("SECRET");'],
    [
      [],
      `await fake.fakeTraining(run, { milliseconds: ${options.milliseconds ?? 0}, heldBy: ${
        JSON.stringify(results)
      } });`,
    ],
    ...options.last === undefined ? [] : [[[], options.last] as Cell],
  ]);
}

/** Tags and source of a cell. */
type Cell = [tags: string[], source: string];

/** Writes a notebook of code cells for the Deno kernel. */
export async function writeNotebook(path: string, cells: readonly Cell[]): Promise<void> {
  const notebook = {
    cells: cells.map(([tags, source], index) => ({
      cell_type: "code",
      id: `cell-${index}`,
      execution_count: null,
      metadata: { tags },
      outputs: [],
      source,
    })),
    metadata: {
      kernelspec: { display_name: "Deno", language: "typescript", name: "deno" },
      language_info: { name: "typescript" },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  await Deno.writeTextFile(path, JSON.stringify(notebook));
}
