/**
 * The program of the page to explore, as one script for browsers.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { toolOutput } from "../../setup/tool_output.ts";
import { projectFolder } from "../project.ts";

const program = fromFileUrl(new URL("../../explorer/program/", import.meta.url));

/** esbuild's own executable, as npm installed it. */
const esbuild = join(projectFolder, "node_modules/@esbuild/linux-x64/bin/esbuild");

/** What figures load in a notebook alone. */
const elsewhere = ["render_svg.ts", "render_png.ts", "notebook_file.ts"];

export interface PageProgram {
  /** JavaScript. */
  script: string;
  /** CSS. */
  style: string;
}

/** Puts the program together from its sources, with the library's own comparisons and figures in it. */
export async function pageProgram(): Promise<PageProgram> {
  const { success, stdout, stderr } = await toolOutput(esbuild, [
    join(program, "main.tsx"),
    ...["--bundle", "--minify", "--format=iife", "--jsx=automatic", "--jsx-import-source=preact"],
    ...["path", "text"].map((name) => `--alias:@std/${name}=deno-std/${name}/mod.js`),
    ...elsewhere.map((file) => `--external:*/${file}`),
    "--log-level=error",
  ]);
  if (!success) throw new Error(`Cannot make the page's program: ${stderr.trim()}`);
  return { script: stdout, style: await Deno.readTextFile(join(program, "explorer.css")) };
}
