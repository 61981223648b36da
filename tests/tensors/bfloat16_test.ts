import { assertEquals } from "@std/assert";
import { multipliesBfloat16 } from "../../lib/tensors/bfloat16.ts";
import { gpuVariable } from "../../lib/tensors/gpu.ts";
import { projectRoot } from "../../lib/setup/tool_paths.ts";

const flags = (...more: string[]) =>
  `processor\t: 0\nflags\t\t: fpu sse4_1 avx2 ${more.join(" ")}\nbugs\t\t:\n`;
const [avx2, avx512, amx] = [flags(), flags("avx512f", "avx512_bf16"), flags("amx_bf16", "amx_tile")];

const capped = [
  "SSE41",
  "AVX",
  "AVX2",
  "avx2",
  "AVX2_VNNI",
  "AVX2_VNNI_2",
  "AVX512_CORE",
  "AVX512_CORE_VNNI",
];
const open = ["AVX512_CORE_BF16", "AVX512_CORE_FP16", "AVX512_CORE_AMX", "DEFAULT", "ALL", ""];

for (
  const [what, cpuinfo, variables, expected] of [
    ["AVX2", avx2, {}, false],
    ["AVX-512 BF16", avx512, {}, true],
    ["AMX", amx, {}, true],
    ["AVX2 under a cap above it", avx2, { ONEDNN_MAX_CPU_ISA: "AVX512_CORE_AMX" }, false],
    ...capped.map((cap) => [`AMX capped to ${cap}`, amx, { ONEDNN_MAX_CPU_ISA: cap }, false]),
    ...open.map((cap) => [`AMX capped to "${cap}"`, amx, { ONEDNN_MAX_CPU_ISA: cap }, true]),
    ["AMX capped by the older name", amx, { DNNL_MAX_CPU_ISA: "AVX2" }, false],
    ["AMX with oneDNN off", amx, { TF_ENABLE_ONEDNN_OPTS: "0" }, false],
    ["AMX with oneDNN on", amx, { TF_ENABLE_ONEDNN_OPTS: "1" }, true],
  ] as [string, string, Record<string, string>, boolean][]
) {
  Deno.test(`bfloat16 with ${what}: ${expected ? "yes" : "no"}`, () => {
    assertEquals(multipliesBfloat16(cpuinfo, (name) => variables[name]), expected);
  });
}

const program = `
import { createLearner } from "file://${projectRoot}/lib/training/learner.ts";
try {
  createLearner("a", [1], { widths: [2], strides: [], seed: 1, precision: "bfloat16" });
} catch (error) {
  console.log(error.message);
}`;

for (const [name, value] of [["ONEDNN_MAX_CPU_ISA", "AVX2"], ["TF_ENABLE_ONEDNN_OPTS", "0"]] as const) {
  Deno.test(`with ${name}=${value} no network is trained in bfloat16, on any processor`, async () => {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--no-check",
        "--config",
        "deno.json",
        `data:text/typescript,${encodeURIComponent(program)}`,
      ],
      cwd: projectRoot,
      env: { [name]: value, [gpuVariable]: "none", NO_COLOR: "1" },
    }).output();
    assertEquals(
      new TextDecoder().decode(stdout),
      "Cannot train model a: precision bfloat16 wants a processor with AVX-512 BF16 or AMX, or a GPU; there is none " +
        "here, or ONEDNN_MAX_CPU_ISA or TF_ENABLE_ONEDNN_OPTS hides it, so the cohort's network.precision must be float32\n",
    );
  });
}
