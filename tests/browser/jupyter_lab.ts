/** JupyterLab as `task lab` starts it, in a browser. */
import { join } from "@std/path";
import type { Locator, Page } from "playwright-core";
import { projectRoot, toolPaths } from "../../lib/setup/tool_paths.ts";
import { taskWords } from "../support/commands/tasks.ts";

export interface Lab {
  /** With the token. */
  url: string;
  /** The user's home as the server sees it: empty at first. */
  home: string;
  /** The workspace, with copies of the project's notebooks. */
  folder: string;
  /** Folder of results. */
  results: string;
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  return port;
}

/** Starts the task's own command with the task's permissions, and ends it as Ctrl-C does. */
export async function withLab(use: (lab: Lab) => Promise<void>): Promise<void> {
  await Deno.mkdir(join(projectRoot, "data"), { recursive: true });
  const all = await Deno.makeTempDir({ dir: join(projectRoot, "data"), prefix: "lab_" });
  const [home, results, folder] = ["home", "results", "lab"].map((name) => join(all, name));
  for (const made of [home, results]) await Deno.mkdir(made);
  const words = taskWords("lab");
  const { deno, dieWithParent: [program, ...wrapper] } = toolPaths();
  const server = new Deno.Command(program, {
    args: [...wrapper, projectRoot, deno, ...words, "--no-browser", "--port", `${freePort()}`],
    // Deno's cache is not JupyterLab's to write, but the kernel's.
    env: {
      HOME: home,
      DENO_DIR: await denoDir(),
      CONSILIUM_RESULTS: results,
      CONSILIUM_LAB: folder,
      NO_COLOR: "1",
    },
    stdin: "null",
    stderr: "piped",
  }).spawn();
  try {
    await use({ url: await urlOf(server.stderr), home, folder, results });
  } finally {
    server.kill("SIGINT");
    await server.status;
    await Deno.remove(all, { recursive: true });
  }
}

async function denoDir(): Promise<string> {
  const { stdout } = await new Deno.Command(toolPaths().deno, { args: ["info", "--json"] }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

/** The first URL that the server says; what it says later is read and forgotten, or it would wait. */
async function urlOf(stderr: ReadableStream<Uint8Array>): Promise<string> {
  const found = Promise.withResolvers<string>();
  void (async () => {
    let text = "";
    for await (const piece of stderr.pipeThrough(new TextDecoderStream() as never)) {
      text += piece;
      const url = text.match(/http:\/\/localhost:\d+\/lab\?token=\w+/);
      if (url) found.resolve(url[0]);
    }
    found.reject(new Error(`JupyterLab ended: ${text}`));
  })();
  return await found.promise;
}

/** Where cells wait for seconds, and tests for as long as a slow machine may take, ms. */
const patience = 240_000;

/** Looks until there is an answer. */
export async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  const begun = performance.now();
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() - begun > patience) throw new Error(`It does not happen: ${look}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** A notebook that is open in JupyterLab. */
export interface OpenNotebook {
  cell(index: number): Locator;
  /** Chooses an entry of the menu "Run", with a cell selected or not. */
  run(entry: string, cell?: number): Promise<void>;
  /** Presses the stop button. */
  stop(): Promise<void>;
  /** Waits until no cell runs or waits. */
  idle(): Promise<void>;
}

/** Opens a notebook by its path in the workspace, alone, and waits for its kernel. */
export async function openNotebook(
  page: Page,
  { lab, path }: { lab: Pick<Lab, "url">; path: string },
): Promise<OpenNotebook> {
  page.setDefaultTimeout(patience);
  await page.goto(lab.url.replace("/lab?", `/lab/tree/${encodeURI(path)}?reset&`));
  await page.locator(".jp-Notebook .jp-Cell").first().waitFor();
  await page.getByText("Deno | Idle").waitFor();
  const cell = (index: number) => page.locator(".jp-Notebook .jp-Cell").nth(index);
  const run = async (entry: string, index?: number) => {
    if (index !== undefined) await cell(index).locator(".jp-InputPrompt").click();
    await page.getByRole("menuitem", { name: "Run", exact: true }).click();
    // Behind some names stand keys.
    await page.getByRole("menuitem", { name: new RegExp(`^${entry}`) }).click();
  };
  const idle = async () => {
    const busy = page.locator(".jp-InputPrompt", { hasText: "*" });
    await until(async () => await busy.count() === 0 || undefined);
  };
  return {
    cell,
    run,
    idle,
    stop: () => page.locator('[data-command="notebook:interrupt-kernel"]').first().click(),
  };
}
