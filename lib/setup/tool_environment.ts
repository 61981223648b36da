/**
 * The environment of the programs that the project starts: the user's own, without what leads them to other people's files.
 *
 * @module
 */
import { projectRoot } from "./tool_paths.ts";

/**
 * Clusters, FreeSurfer, ROS and conda have Python and Jupyter look into their own folders, where modules and kernels lie
 * under the names of ours. Proxies, mirrors, JUPYTER_TOKEN and the like are the user's to set.
 */
const misleading = new RegExp(`^(${
  [
    "I?PYTHON.*",
    "JUPYTER_(PATH|CONFIG_PATH|NO_CONFIG|PLATFORM_DIRS)",
    "JUPYTERLAB_.*",
    "PIP_(PYTHON|PREFIX)",
    // Of compilers: headers and libraries that come before the system's.
    "CPATH|C_INCLUDE_PATH|CPLUS_INCLUDE_PATH|LIBRARY_PATH|COMPILER_PATH|GCC_EXEC_PREFIX",
  ].join("|")
})$`);

/**
 * Put before the dynamic linker's variables, which Deno gives only to the programs of a command that may run anything.
 * die_with_parent.py takes it away again: clusters' drivers and libraries are found by LD_LIBRARY_PATH.
 */
const handedOn = "CONSILIUM_";

/** To be given with `clearEnv`, since a variable that is inherited cannot be taken away. */
export function toolEnvironment(): Record<string, string> {
  const jupyter = `${projectRoot}/data/jupyter`;
  return {
    ...Object.fromEntries(
      Object.entries(Deno.env.toObject()).filter(([name]) => !misleading.test(name)).map(([name, value]) => [
        name.startsWith("LD_") ? `${handedOn}${name}` : name,
        value,
      ]),
    ),
    // Jupyter's files lie in the project, not in the home: what is broken there does not reach it.
    JUPYTER_CONFIG_DIR: `${jupyter}/config`,
    JUPYTER_DATA_DIR: `${jupyter}/share`,
    JUPYTER_RUNTIME_DIR: `${jupyter}/runtime`,
    // The environment's kernel, whatever else is called "deno" on this machine.
    JUPYTER_PREFER_ENV_PATH: "1",
  };
}
