/** Runs modules one after another; its last line is JSON: what went wrong in which of them. As a program: `run_modules.ts <path>…`. */
import { basename, toFileUrl } from "@std/path";

const failed: Record<string, string> = {};
for (const path of Deno.args) {
  try {
    await import(toFileUrl(path).href);
  } catch (error) {
    failed[basename(path)] = error instanceof Error ? error.message : String(error);
  }
}
console.log(`\n${JSON.stringify(failed)}`);
