/**
 * Compiles C++ with whatever compiler there is.
 *
 * @module
 */
import { runCommand } from "./steps/command.ts";
import { pipInstall } from "./python_environment.ts";
import { SetupError } from "./steps/setup_error.ts";
import { toolPaths } from "./tool_paths.ts";

const flags = ["-std=c++17", "-O2", "-fPIC", "-shared", "-w"];

/**
 * Compiles and links C++ sources, by a compiler's arguments, into the shared library `output`: with the system's
 * compiler, or, where there is none or it fails, with Clang from PyPI's `ziglang` wheel.
 */
export async function compileShared(root: string, output: string, args: string[]): Promise<void> {
  const { dieWithParent, python } = toolPaths(root);
  const compile = async (compiler: string[], env: Record<string, string> = {}) => {
    const command = [...dieWithParent, root, ...compiler, ...flags, ...args, "-o", output];
    await runCommand("compile the TensorFlow addon", command, { env });
  };
  for (const name of ["g++", "c++", "clang++"]) {
    const path = await findProgram(name);
    if (path === undefined) continue;
    try {
      return await compile([path]);
    } catch (error) {
      if (!(error instanceof SetupError)) throw error; // a compiler without its headers, or too old
    }
  }
  await pipInstall(root, ["-r", `${root}/lib/setup/python/requirements_compiler.txt`]);
  const cache = `${root}/.setup/zig`;
  await compile([python, "-I", "-m", "ziglang", "c++"], {
    ZIG_GLOBAL_CACHE_DIR: cache,
    ZIG_LOCAL_CACHE_DIR: cache,
  });
  await Deno.remove(cache, { recursive: true });
}

/** The system's own before those of conda or modules, which link to a newer libstdc++ than Deno will find. */
async function findProgram(name: string): Promise<string | undefined> {
  for (const folder of ["/usr/bin", ...(Deno.env.get("PATH") ?? "").split(":")]) {
    const path = `${folder || "."}/${name}`;
    const info = await Deno.stat(path).catch(() => undefined);
    if (info?.isFile && (info.mode! & 0o111) !== 0) return path;
  }
}
