import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parse } from "yaml";
import { kubernetesJob } from "../../../lib/runs/sweeps/kubernetes_job.ts";
import { toolPaths } from "../../../lib/setup/tool_paths.ts";
import { callLine, oddName, withFakeConsilium } from "../../support/runs/sweeps/fake_consilium.ts";

const options = {
  name: "Ablation, ½ of it",
  consilium: "/work/consilium/.venv/bin/consilium",
  count: 27,
  wants: { options: [] },
  retries: 0,
  folders: ["/work/consilium/", "/work/consilium/results", "/data", "/work/consilium", "/database"],
};
const odd = `/$(NAME) $$(NAME) $NAME: - # "x"\n${oddName}`;

/** As Kubernetes replaces `$(NAME)` in commands and in the values of variables: by its documentation. */
function replaced(text: string, values: Record<string, string>): string {
  return text.replace(
    /\$\$|\$\(([^)]*)\)/g,
    (whole, name) => whole === "$$" ? "$" : values[name] ?? whole,
  );
}

Deno.test("the manifest of an Indexed Job", () => {
  const text = kubernetesJob("/work/consilium/s.json", { ...options, env: { CONSILIUM_DATA: "/data" } });
  const { spec, ...head } = parse(text);
  assertEquals(head, {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "consilium-ablation-of-it" },
  });
  const { template: { spec: pod }, ...job } = spec;
  assertEquals(job, {
    completionMode: "Indexed",
    completions: 27,
    parallelism: 27,
    backoffLimitPerIndex: 0,
    podFailurePolicy: {
      rules: [
        { action: "FailIndex", onExitCodes: { operator: "In", values: [1, 2] } },
        { action: "Ignore", onExitCodes: { operator: "In", values: [130] } },
        { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
      ],
    },
  });
  assertEquals(pod, {
    restartPolicy: "Never",
    terminationGracePeriodSeconds: 120,
    containers: [{
      name: "sweep",
      image: "FILL-IN-IMAGE",
      command: [
        "sh",
        "-c",
        'exec "$$@" --array "$$((JOB_COMPLETION_INDEX+1))/27"',
        "sh",
        "/work/consilium/.venv/bin/consilium",
        "sweep",
        "/work/consilium/s.json",
      ],
      env: [{ name: "CONSILIUM_DATA", value: "/data" }],
      resources: { requests: {}, limits: {} },
      volumeMounts: [
        { name: "folder-1", mountPath: "/work/consilium" },
        { name: "folder-2", mountPath: "/data" },
        { name: "folder-3", mountPath: "/database" },
      ],
    }],
    volumes: [1, 2, 3].map((number) => ({
      name: `folder-${number}`,
      persistentVolumeClaim: { claimName: "FILL-IN-CLAIM" },
    })),
  });
  for (
    const words of [
      "# Yours to fill in",
      "#   FILL-IN-CLAIM: a persistent volume claim",
      "#   FILL-IN-IMAGE: ",
    ]
  ) {
    assertStringIncludes(text, words);
  }
});

const full = kubernetesJob(odd, {
  ...options,
  retries: 2,
  wants: { gpus: 1, cpus: 4, memoryGb: 1.5, concurrent: 3, time: "1:00:00", partition: "gpu", options: [] },
  env: { CONSILIUM_DATA: odd, A: "yes", B: "12:30:00", C: "0o7" },
});

Deno.test("what a pod wants of its node, and what Kubernetes has not", () => {
  const { spec } = parse(full);
  assertEquals([spec.parallelism, spec.backoffLimitPerIndex], [3, 2]);
  const amounts = { cpu: "4", memory: "1536Mi", "nvidia.com/gpu": "1" };
  assertEquals(spec.template.spec.containers[0].resources, { requests: amounts, limits: amounts });
  assertStringIncludes(full, "\n# Left out of the sweep's section, since it is Slurm's: partition, time\n");
});

Deno.test("a job's name is one of Kubernetes', with room for the index of a pod", () => {
  for (const name of ["Ä", "a_b.c", "UPPER-", "x".repeat(200), `${"x".repeat(38)}_y`, oddName]) {
    const { metadata } = parse(kubernetesJob("/s", { ...options, name }));
    assert(/^[a-z]([a-z0-9-]{0,50}[a-z0-9])?$/.test(metadata.name), metadata.name);
  }
});

Deno.test("another reader of YAML reads the same", async () => {
  const child = new Deno.Command(toolPaths().python, {
    args: ["-I", "-c", "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(full));
  await writer.close();
  const { stdout } = await child.output();
  assertEquals(JSON.parse(new TextDecoder().decode(stdout)), parse(full));
});

Deno.test("a pod runs the share of its index, with words and variables as they are", () =>
  withFakeConsilium(async ({ folder, consilium, plan, calls }) => {
    await plan(5, ["139"]);
    const { spec } = parse(kubernetesJob(odd, { ...options, consilium, env: { CONSILIUM_DATA: odd } }));
    const [{ command, env }] = spec.template.spec.containers;
    const values = { NAME: "wrong", JOB_COMPLETION_INDEX: "4" };
    const [program, ...args] = command.map((word: string) => replaced(word, values));
    const variables = Object.fromEntries(
      env.map(({ name, value }: { name: string; value: string }) => [name, replaced(value, values)]),
    );
    const { code } = await new Deno.Command(program, {
      args,
      cwd: folder,
      env: { ...variables, JOB_COMPLETION_INDEX: "4" },
    }).output();
    assertEquals([code, await calls()], [139, [callLine(odd, "5/27", odd)]]);
  }));

const kubectl = await new Deno.Command("kubectl", { args: ["version", "--client"] }).output().catch(() =>
  undefined
);

Deno.test({
  name: "kubectl, where it is installed, knows every field of the manifest",
  ignore: !kubectl?.success,
  async fn() {
    const path = await Deno.makeTempFile({ suffix: ".yaml" });
    try {
      await Deno.writeTextFile(path, full);
      // Without a cluster: it reads the manifest into its own types, and drops what these do not have.
      const args = ["set", "image", "--local", "--filename", path, "sweep=image", "--output", "json"];
      const { stdout, stderr } = await new Deno.Command("kubectl", { args }).output();
      const read = new TextDecoder().decode(stdout);
      assert(read !== "", new TextDecoder().decode(stderr));
      const wanted = parse(full.replace("FILL-IN-IMAGE\n", "image\n"));
      const { spec } = JSON.parse(read);
      assertEquals(spec.podFailurePolicy, wanted.spec.podFailurePolicy);
      assertEquals(pick(JSON.parse(read), wanted), wanted);
    } finally {
      await Deno.remove(path);
    }
  },
});

/** Of a value, what another one has, too. */
function pick(value: unknown, like: unknown): unknown {
  if (Array.isArray(like) && Array.isArray(value)) return value.map((item, index) => pick(item, like[index]));
  if (typeof like !== "object" || like === null || typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(like).filter(([name]) => name in value).map(([name, part]) => [
      name,
      pick((value as Record<string, unknown>)[name], part),
    ]),
  );
}
