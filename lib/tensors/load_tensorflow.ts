/**
 * Opens TensorFlow's library: ours and no other, and in our words where that fails.
 *
 * The addon names the wheel's folder itself (addon.ts), so that LD_LIBRARY_PATH leads nowhere else. What LD_PRELOAD brings
 * is there before anybody can choose, under the same name, and calling it would end the process without a word.
 *
 * @module
 */
import { dirname, normalize } from "node:path";
import { loadQuietly } from "./quiet_load.ts";
import { projectRoot, tensorflowFolder } from "../setup/tool_paths.ts";
import { typed } from "../setup/typed.ts";

const libraries = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"];

/** The greetings of a library that works; the last one is the GPU build's where there is no GPU. */
const greeting = /absl::InitializeLog|oneDNN custom operations are on|failed call to cuInit/;

/** Variables of the dynamic linker that may bring libraries which do not fit. */
const suspects = ["LD_PRELOAD", "LD_LIBRARY_PATH"];

/** What opens libraries: in glibc 2.34 and newer it is a part of libc, which this name still leads to. */
const dynamicLinker = {
  dlopen: { parameters: ["buffer", "i32"], result: "pointer" },
  dlinfo: { parameters: ["pointer", "i32", "buffer"], result: "i32" },
  dlclose: { parameters: ["pointer"], result: "i32" },
} as const;
const RTLD_LAZY = 1, RTLD_NOLOAD = 4, RTLD_DI_LINKMAP = 2;
/** Of `link_map` (link.h): the first field is an address. */
const nameOffset = 8;

/**
 * Runs `load`, which opens the library.
 *
 * @throws Error with the file that was found, and the variable that led to it
 */
export async function loadTensorflow<T>(load: () => Promise<T>): Promise<T> {
  const foreign = libraries.map(loadedFile).find((path) => path !== undefined && !isOurs(path));
  if (foreign !== undefined) {
    throw new Error(explainLoadFailure(`another TensorFlow is in the process already (${foreign})`));
  }
  try {
    return await loadQuietly(load, greeting);
  } catch (error) {
    throw new Error(explainLoadFailure((error as Error).message));
  }
}

/** The linker's own words hold paths such as /a/b/../c/library.so. */
const detour = /\/[^\s:]*\/\.\.\/[^\s:]*/g;

/** One sentence on why TensorFlow did not load, from what the dynamic linker said. */
export function explainLoadFailure(reason: string): string {
  const set = suspects.filter((name) => Deno.env.get(name));
  const found = set.map((name) => `${name}=${Deno.env.get(name)}`).join(" and ");
  const remedy = set.length > 0
    ? `this may come from ${found}: run it again without, as in \`env -u ${set.join(" -u ")} ${typed("…")}\``
    : `run \`${typed("setup")}\`, and if that does not help, remove .venv and run it again`;
  return `Cannot load TensorFlow: ${reason.trim().replaceAll(detour, normalize)}; ${remedy}`;
}

/** The file of a library that is loaded, by the name libraries call each other by. */
function loadedFile(name: string): string | undefined {
  const { dlopen, dlinfo, dlclose } = Deno.dlopen("libdl.so.2", dynamicLinker).symbols;
  const handle = dlopen(new TextEncoder().encode(`${name}\0`), RTLD_LAZY | RTLD_NOLOAD);
  if (handle === null) return undefined;
  const linkMap = new BigUint64Array(1);
  dlinfo(handle, RTLD_DI_LINKMAP, linkMap);
  dlclose(handle);
  const fields = new Deno.UnsafePointerView(Deno.UnsafePointer.create(linkMap[0]!)!);
  return new Deno.UnsafePointerView(fields.getPointer(nameOffset)!).getCString();
}

function isOurs(path: string): boolean {
  const folder = Deno.realPathSync(dirname(path));
  return [false, true].some((cuda) => {
    try {
      return Deno.realPathSync(tensorflowFolder(projectRoot, cuda)) === folder;
    } catch {
      return false; // there is none
    }
  });
}
