/** Environments as people have them, all in one: each variable and file here has broken somebody's notebook. */
import { join } from "@std/path";
import { projectRoot, toolPaths } from "../../../lib/setup/tool_paths.ts";

/** What a Python finds by PYTHONPATH before its own. */
const modules = [
  "typing",
  "json",
  "traitlets",
  "jupyter_client",
  "jupyter_core",
  "papermill",
  "jupyterlab",
  "pip",
];

const brokenKernel = { argv: ["false"], display_name: "Another Deno", language: "typescript" };

/**
 * The variables, with what they lead to in `folder`: other people's Python modules, Jupyter kernels, settings of pip,
 * TensorFlow; a home that is broken; no git; a Turkish locale.
 */
export async function poisonedEnvironment(folder: string): Promise<Record<string, string>> {
  const at = (...names: string[]) => join(folder, ...names);
  const write = async (path: string, text: string) => {
    await Deno.mkdir(join(path, ".."), { recursive: true });
    await Deno.writeTextFile(path, text);
  };
  for (const name of modules) {
    await write(at("modules", `${name}.py`), `raise SystemExit("${name} of PYTHONPATH")\n`);
  }
  for (const folder of ["share", "home/.local/share/jupyter"]) {
    await write(at(folder, "kernels/deno/kernel.json"), JSON.stringify(brokenKernel));
  }
  for (const config of ["config", "home/.jupyter"]) {
    for (
      const name of ["jupyter_config", "jupyter_server_config", "jupyter_lab_config", "papermill_config"]
    ) {
      await write(at(config, `${name}.py`), "raise SystemExit('a broken configuration')\n");
      await write(at(config, `${name}.json`), "{broken");
    }
  }
  const elsewhere = at("elsewhere");
  await write(at("constraints.txt"), "papermill==0.1\n");
  await write(
    at("home/.config/pip/pip.conf"),
    `[global]\nuser = true\nno-binary = :all:\nrequire-hashes = true\nconstraint = ${
      at("constraints.txt")
    }\n` +
      `[install]\ntarget = ${elsewhere}\nroot = ${elsewhere}\n`,
  );
  await Deno.mkdir(at("bin"), { recursive: true });
  // No git, no compiler. What .venv was made with is no shim, as pyenv's is, that needs more.
  for (
    const [name, path] of Object.entries({ sh: "/bin/sh", cat: "/bin/cat", python3: toolPaths().python })
  ) {
    await Deno.symlink(await Deno.realPath(path), at("bin", name));
  }
  return {
    HOME: at("home"),
    PATH: at("bin"),
    DENO_DIR: await denoDir(),
    PYTHONPATH: at("modules"),
    PYTHONHOME: at("nowhere"),
    PYTHONSTARTUP: at("modules/typing.py"),
    VIRTUAL_ENV: elsewhere,
    CONDA_PREFIX: elsewhere,
    CONDA_DEFAULT_ENV: "base",
    JUPYTER_PATH: at("share"),
    JUPYTER_CONFIG_DIR: at("config"),
    JUPYTER_CONFIG_PATH: at("config"),
    JUPYTER_PREFER_ENV_PATH: "0",
    JUPYTERLAB_DIR: elsewhere,
    IPYTHONDIR: at("config"),
    PIP_USER: "1",
    PIP_REQUIRE_VIRTUALENV: "1",
    PIP_TARGET: elsewhere,
    PIP_PREFIX: elsewhere,
    LD_LIBRARY_PATH: await otherTensorflow(at("other")),
    LANG: "tr_TR.UTF-8",
    LC_ALL: "tr_TR.UTF-8",
    GIT_DIR: elsewhere,
    NODE_OPTIONS: `--require=${elsewhere}`,
    NO_COLOR: "1",
  };
}

/** A folder with libraries of TensorFlow's names that have none of its functions. */
export async function otherTensorflow(folder: string): Promise<string> {
  await Deno.mkdir(folder, { recursive: true });
  const packages = join(await Deno.realPath(`${projectRoot}/node_modules/@resvg/resvg-js`), "..");
  const any = join(packages, "resvg-js-linux-x64-gnu", "resvgjs.linux-x64-gnu.node");
  for (const name of ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"]) {
    await Deno.copyFile(any, join(folder, name));
  }
  return folder;
}

async function denoDir(): Promise<string> {
  const { stdout } = await new Deno.Command(toolPaths().deno, { args: ["info", "--json"] }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}
