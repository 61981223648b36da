/**
 * The command `bench-setup`: installs what the command `bench` measures Consilium against.
 *
 * Exits 1 when it fails, 2 when it was called wrongly.
 *
 * @module
 */
import { ensurePeers } from "../../setup/benchmark_peers.ts";
import { typed } from "../../setup/typed.ts";
import { exitWith } from "../../terminal/exit_with.ts";
import { readArguments } from "../../terminal/read_arguments.ts";
import { showHelp } from "../../terminal/usage.ts";

const usage = () =>
  `Usage: ${typed("bench-setup")}

Installs the benchmarks' peers (PyTorch, MONAI, nnU-Net, nibabel) in an
environment of their own, .venv-peers: several minutes and 9 GB of disk, once.
${typed("bench")} needs them, nothing else does.`;

/** Runs the command; returns the exit code. */
export async function benchSetup(args: string[]): Promise<number> {
  const { values } = readArguments(args, { action: "set up the peers", most: 0 });
  if (values.help) return showHelp(usage());
  await ensurePeers();
  console.error(`The benchmarks' peers are set up. They are measured by: ${typed("bench")}`);
  return 0;
}

if (import.meta.main) await exitWith(benchSetup, { onError: 1 });
