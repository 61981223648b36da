/**
 * A Slurm cluster of this machine alone, with folders, ports and keys of its own. Needs root and Debian's packages
 * `slurm-wlm` and `munge`; its programs run at idle priority.
 */
import { join } from "@std/path";

export interface Cluster {
  /** Runs a program of Slurm's; returns what it wrote. */
  slurm(program: string, ...args: string[]): Promise<string>;
  /** Environment in which Slurm's programs find the cluster. */
  env: Record<string, string>;
  stop(): Promise<void>;
}

export interface ClusterOptions {
  /** For configuration, state and logs. */
  folder: string;
}

function configuration(folder: string, host: string): string {
  return `
ClusterName=consilium_test
SlurmctldHost=${host}(127.0.0.1)
SlurmUser=root
SlurmctldPort=16817
SlurmdPort=16818
AuthType=auth/munge
# The second is how long a requeued job waits before it begins again, seconds; 120 by default.
AuthInfo=socket=${folder}/munge.socket,cred_expire=5
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
MpiDefault=none
ReturnToService=2
KillWait=30
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.log
SlurmdParameters=config_overrides
NodeName=${host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=8000
PartitionName=test Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`.trimStart();
}

/** Starts munge, the controller and the one node's daemon, and waits until the node is idle. */
export async function startCluster({ folder }: ClusterOptions): Promise<Cluster> {
  const conf = join(folder, "slurm.conf");
  const key = join(folder, "munge.key");
  for (const name of ["state", "spool"]) await Deno.mkdir(join(folder, name), { recursive: true });
  await Deno.writeTextFile(conf, configuration(folder, Deno.hostname().split(".")[0]!));
  await Deno.writeFile(key, crypto.getRandomValues(new Uint8Array(1024)), { mode: 0o600 });
  const env = { SLURM_CONF: conf };
  const munge = ["socket", "pid-file", "log-file", "seed-file"].map((name) =>
    `--${name}=${folder}/munge.${name.replace("-file", "")}`
  );
  const daemons = [
    start(["munged", "--foreground", "--force", `--key-file=${key}`, ...munge], env),
    start(["slurmctld", "-D", "-c"], env),
    start(["slurmd", "-D"], env),
  ];
  const cluster: Cluster = {
    env,
    slurm: (program, ...args) => output([program, ...args], env),
    async stop() {
      for (const daemon of daemons.toReversed()) daemon.kill("SIGTERM");
      await Promise.all(daemons.map(({ status }) => status));
    },
  };
  for (let tries = 0;; tries++) {
    const state = await cluster.slurm("sinfo", "--noheader", "--format=%T").catch((error) => String(error));
    if (state === "idle") return cluster;
    if (tries > 120) {
      await cluster.stop();
      throw new Error(`The node did not become idle, it is: ${state} (logs in ${folder})`);
    }
    await new Promise((done) => setTimeout(done, 500));
  }
}

function start(command: string[], env: Record<string, string>): Deno.ChildProcess {
  return new Deno.Command("chrt", { args: ["--idle", "0", ...command], env, stdout: "null", stderr: "null" })
    .spawn();
}

async function output(
  [program, ...args]: [string, ...string[]],
  env: Record<string, string>,
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args, env }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  if (!success) throw new Error(`${program} ${args.join(" ")}: ${text(stderr)}`);
  return text(stdout);
}
