/**
 * The command `lab [options of jupyter lab…]`: JupyterLab on copies of the project's notebooks, with their kernel.
 *
 * It works in data/lab, which git ignores, and shows results, cohorts and sweeps there; results cannot be changed. It
 * listens on localhost, asks for the token that its URL has, and ends with Ctrl-C. What it keeps (settings, which notebooks
 * are open) lies in data/jupyter, not in the user's home.
 *
 * @module
 */
import { join } from "@std/path";
import { writeJson } from "../files/whole_file.ts";
import { toolEnvironment } from "../setup/tool_environment.ts";
import { toolPaths } from "../setup/tool_paths.ts";
import { typed } from "../setup/typed.ts";
import { exitWith } from "../terminal/exit_with.ts";
import { updateCopies } from "../workbench/lab_workspace.ts";
import { labFolder, projectFolder, resultsFolder } from "../workbench/project.ts";
import { showHelp } from "../terminal/usage.ts";

/** What JupyterLab shows besides the copies, by its place among them. */
const shown: Record<string, string> = {
  "results": resultsFolder,
  "experiments/cohorts": join(projectFolder, "experiments/cohorts"),
  "experiments/sweeps": join(projectFolder, "experiments/sweeps"),
  "README.md": join(projectFolder, "README.md"),
};

/** What of it may be changed: texts, which JupyterLab writes only when they were edited. */
const changeable = ["experiments/cohorts", "experiments/sweeps"];

const settings: Record<string, string> = {
  "ServerApp.ip": "localhost",
  "ServerApp.root_dir": labFolder,
  // lib/setup/python/lab_files.py and lab_cells.py.
  "ServerApp.contents_manager_class": "lab_files.WorkspaceFiles",
  "ServerApp.kernel_manager_class": "lab_cells.Kernels",
  "ServerApp.kernel_websocket_connection_class": "lab_cells.CellConnection",
  // Says the URL with its token, and what goes wrong; no more.
  "Application.log_level": "WARN",
  // Ctrl-C ends it without a question.
  "ServerApp.answer_yes": "True",
  // In containers one is often root.
  "ServerApp.allow_root": "True",
  // Its search for language servers, of which the kernel needs none, starts npm, which writes into the home.
  "LanguageServerManager.autodetect": "False",
  // Nothing is asked of the internet.
  "LabApp.news_url": "None",
  "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
  "LabApp.extension_manager": "readonly",
  // The environment has no Python kernel, only Deno's.
  "KernelSpecManager.ensure_native_kernel": "False",
  // Else figures of a few MB are dropped on their way to the browser.
  "ZMQChannelsWebsocketConnection.limit_rate": "False",
};

/** Defaults of the page's own settings; whoever wants others changes them there. */
const pageDefaults = {
  "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false },
};

const usage = () =>
  `Usage: ${typed("lab [options of jupyter lab…]")}

Opens JupyterLab on copies of the project's notebooks, in data/lab: experiments
are in experiments/, notebooks that look at data and results in notebooks/.
Results are shown there and cannot be changed. It prints its address, with a
token; Ctrl-C ends it. Its settings lie in data/jupyter, not in your home.

Options of jupyter lab that are often wanted:
  --no-browser    open no browser, as on a server
  --port <port>   another port (default: 8888, or the next free one)`;

/** Runs the command until it is ended; returns the exit code. */
export async function lab(args: string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) return showHelp(usage());
  const env = toolEnvironment();
  await writeJson(join(env.JUPYTER_CONFIG_DIR, "labconfig", "default_setting_overrides.json"), pageDefaults);
  const differing = await updateCopies({
    project: projectFolder,
    folders: ["experiments", "notebooks"],
    workspace: labFolder,
  });
  if (differing.length > 0) {
    console.error(
      `Edited, so not the project's own any more: ${differing.join(", ")} (in ${labFolder}). ` +
        "To have the project's again, rename or delete it and start anew.",
    );
  }
  const { dieWithParent: [program, ...wrapper], python } = toolPaths();
  const options = Object.entries(settings).map(([name, value]) => `--${name}=${value}`);
  const starter = join(projectFolder, "lib/setup/python/run_lab.py");
  const task = JSON.stringify({ shown, changeable: changeable.map((place) => shown[place]) });
  const server = new Deno.Command(program, {
    args: [...wrapper, labFolder, python, "-I", starter, task, ...options, ...args],
    clearEnv: true,
    env,
  }).spawn();
  // A Ctrl-C of the terminal reaches the server too; twice does no harm.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, () => server.kill("SIGTERM"));
  }
  return (await server.status).code;
}

if (import.meta.main) await exitWith(lab);
