/**
 * Python programs that do not listen to the user's Python variables.
 *
 * @module
 */

/** A program's first line as pip writes it: its interpreter, by way of the shell if that path is long or has a space. */
const firstLine = /^(#!\S+\/python[\d.]*|#!\/bin\/sh\n'''exec' (?:"[^"\n]+"|\S+\/python[\d.]*))(?=\n| "\$0")/;

/**
 * Has the programs of an environment's `bin` start Python with `-I`: with a PYTHONPATH or a PYTHONHOME that leads
 * elsewhere, `.venv/bin/papermill` would find other people's modules. Changes each once.
 */
export async function isolatePrograms(bin: string): Promise<void> {
  for await (const { name, isFile } of Deno.readDir(bin)) {
    const path = `${bin}/${name}`;
    if (!isFile || !await beginsWith(path, "#!")) continue;
    const text = await Deno.readTextFile(path);
    const isolated = text.replace(firstLine, "$1 -I");
    if (isolated === text) continue;
    // A running program is not written to, and keeps its mode.
    await Deno.copyFile(path, `${path}.partial`);
    await Deno.writeTextFile(`${path}.partial`, isolated);
    await Deno.rename(`${path}.partial`, path);
  }
}

async function beginsWith(path: string, start: string): Promise<boolean> {
  using file = await Deno.open(path);
  const bytes = new Uint8Array(start.length);
  await file.read(bytes);
  return new TextDecoder().decode(bytes) === start;
}
