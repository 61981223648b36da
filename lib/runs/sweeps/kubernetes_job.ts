/**
 * The manifest of a sweep as an Indexed Job of Kubernetes.
 *
 * @module
 */
import { stringify } from "yaml";
import { jobName, leftOut, type SweepScriptOptions } from "./sweep_script.ts";
import { secondsBeforeEnd } from "./task_body.ts";

/** What nobody but the user knows; no cluster starts a pod as long as it stands there. */
const toFill = { image: "FILL-IN-IMAGE", claim: "FILL-IN-CLAIM" };

export interface KubernetesJobOptions extends SweepScriptOptions {
  /** Folders that the pods must see where they are here: the project's, and those of results and data. */
  folders: readonly string[];
}

/**
 * Text for `kubectl create`. A pod runs the share of its index. A member that failed fails its index, and the others go on; a pod
 * that was stopped, or whose node was taken away, is replaced; one that crashed as often as `retries` says.
 *
 * @param sweep path of the sweep's file
 */
export function kubernetesJob(sweep: string, options: KubernetesJobOptions): string {
  const { name, consilium, count, wants, retries, env = {} } = options;
  const folders = outermost(options.folders);
  const job = {
    apiVersion: "batch/v1",
    kind: "Job",
    // The names of its pods, which may have 63 letters, have the index besides.
    metadata: { name: jobName(name).toLowerCase().replace(/_+/g, "-").slice(0, 50).replace(/-$/, "") },
    spec: {
      completionMode: "Indexed",
      completions: count,
      parallelism: Math.min(wants.concurrent ?? count, count),
      backoffLimitPerIndex: retries,
      podFailurePolicy: {
        rules: [
          // The sweep's own codes: a member failed, the call is wrong.
          { action: "FailIndex", onExitCodes: { operator: "In", values: [1, 2] } },
          // It was stopped in order, and goes on from there.
          { action: "Ignore", onExitCodes: { operator: "In", values: [130] } },
          { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
        ],
      },
      template: {
        spec: {
          restartPolicy: "Never",
          terminationGracePeriodSeconds: secondsBeforeEnd,
          containers: [{
            name: "sweep",
            image: toFill.image,
            command: [
              "sh",
              "-c",
              `exec "$@" --array "$((JOB_COMPLETION_INDEX+1))/${count}"`,
              "sh",
              consilium,
              "sweep",
              sweep,
            ].map(literal),
            env: Object.entries(env).map(([name, value]) => ({ name, value: literal(value) })),
            resources: resourcesOf(options),
            volumeMounts: folders.map((mountPath, index) => ({ name: `folder-${index + 1}`, mountPath })),
          }],
          volumes: folders.map((_, index) => ({
            name: `folder-${index + 1}`,
            persistentVolumeClaim: { claimName: toFill.claim },
          })),
        },
      },
    },
  };
  return `# A sweep of Consilium for Kubernetes, 1.29 or later: kubectl create -f <this file>
# Yours to fill in, since nobody else knows it; no pod starts before:
#   ${toFill.claim}: a persistent volume claim for each mountPath, with what this machine has in that folder (or one claim for
#     several, with a subPath each). All pods write there: ReadWriteMany, and locks (flock) must hold between nodes.
#   ${toFill.image}: an image with the Linux, Python and git of the machine on which Consilium was set up
${leftOut(wants, ["partition", "time", "options"])}${stringify(job, { lineWidth: 0, compat: "yaml-1.1" })}`;
}

function resourcesOf({ wants: { gpus, cpus, memoryGb } }: SweepScriptOptions) {
  const amounts = {
    ...cpus !== undefined && { cpu: String(cpus) },
    ...memoryGb !== undefined && { memory: `${Math.ceil(memoryGb * 1024)}Mi` },
    ...gpus !== undefined && { "nvidia.com/gpu": String(gpus) },
  };
  return { requests: amounts, limits: { ...amounts } };
}

/** Kubernetes replaces `$(NAME)` in these texts, and `$$` by `$`. */
function literal(text: string): string {
  return text.replaceAll("$", "$$$$");
}

/** Without those that lie in another one. */
function outermost(folders: readonly string[]): string[] {
  const paths = [...new Set(folders.map((folder) => folder.replace(/\/+$/, "")))];
  return paths.filter((path) => !paths.some((other) => path.startsWith(`${other}/`)));
}
