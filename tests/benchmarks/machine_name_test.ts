import { assertEquals } from "@std/assert";
import { arithmeticSettings, sharedCap } from "../../benchmarks/harness/arithmetic_settings.ts";
import { describeMachine } from "../../benchmarks/harness/machine.ts";
import { machineKind, machineName } from "../../benchmarks/harness/machine_name.ts";
import { MACHINE } from "../support/benchmarks/fake_record.ts";

Deno.test("a kind of machine is its processor, its instructions and its threads, whatever the host", () => {
  const all = {
    amx: ["avx2", "avx512f", "avx512_bf16", "amx_bf16", "amx_tile"],
    avx512: ["avx2", "avx512f"],
    avx2: ["avx2"],
  };
  const kinds: [processor: string, flags: string[], threads: number, kind: string][] = [
    ["Intel(R) Xeon(R) Processor", all.amx, 2, "Intel Xeon, AMX, 2 threads"],
    ["Intel(R) Xeon(R) CPU @ 2.20GHz", all.avx512, 4, "Intel Xeon 2.20GHz, AVX512, 4 threads"],
    ["AMD EPYC 7763 64-Core Processor", all.avx2, 1, "AMD EPYC 7763, AVX2, 1 thread"],
    ["AMD Ryzen 7 7840U w/ Radeon 780M Graphics", all.avx2, 16, "AMD Ryzen 7 7840U, AVX2, 16 threads"],
    ["unknown", [], 8, "unknown, without AVX2, 8 threads"],
  ];
  for (const [processor, flags, threads, kind] of kinds) {
    for (const host of ["here", "there"]) {
      const machine = { ...MACHINE, host, processor, flags, threads };
      assertEquals(machineKind(machine), kind);
    }
  }
  const machine = { ...MACHINE, processor: "Intel(R) Xeon(R) CPU @ 2.20GHz", flags: all.avx512 };
  assertEquals(machineName(machine), "intel_xeon_2_20ghz_avx512_4_threads");
});

Deno.test("a machine that is held back is another one, and says so", () => {
  const held = { ...MACHINE, settings: { ONEDNN_MAX_CPU_ISA: "AVX2", OMP_NUM_THREADS: "1" } };
  assertEquals(machineKind(held), "Some, AMX, 4 threads, capped at AVX2, OMP_NUM_THREADS=1");
  assertEquals(machineName(held), "some_amx_4_threads_capped_at_avx2_omp_num_threads_1");
  assertEquals(
    describeMachine(held),
    "Some Processor, 2 cores, 4 threads, with avx2, amx_bf16, 23 GiB, linux 6.1 x86_64, held back by " +
      "ONEDNN_MAX_CPU_ISA=AVX2 OMP_NUM_THREADS=1: this imitates an older processor for a part of the kernels only.",
  );
});

Deno.test("settings that hold back are found, and a cap is passed on to PyTorch's own kernels", () => {
  const cases: [
    env: Record<string, string>,
    settings: Record<string, string>,
    shared: Record<string, string>,
  ][] = [
    [{}, {}, {}],
    [{ ONEDNN_MAX_CPU_ISA: "all", TF_ENABLE_ONEDNN_OPTS: "1" }, {}, {}],
    [{ ONEDNN_MAX_CPU_ISA: "avx2" }, { ONEDNN_MAX_CPU_ISA: "AVX2" }, { ATEN_CPU_CAPABILITY: "avx2" }],
    [{ ONEDNN_MAX_CPU_ISA: "SSE41" }, { ONEDNN_MAX_CPU_ISA: "SSE41" }, { ATEN_CPU_CAPABILITY: "default" }],
    [{ ONEDNN_MAX_CPU_ISA: "AVX512_CORE" }, { ONEDNN_MAX_CPU_ISA: "AVX512_CORE" }, {
      ATEN_CPU_CAPABILITY: "avx512",
    }],
    // What was passed on is no setting of its own.
    [{ ONEDNN_MAX_CPU_ISA: "AVX2", ATEN_CPU_CAPABILITY: "avx2" }, { ONEDNN_MAX_CPU_ISA: "AVX2" }, {}],
    [{ ATEN_CPU_CAPABILITY: "avx2" }, { ATEN_CPU_CAPABILITY: "avx2" }, {}],
    [
      { OMP_NUM_THREADS: "1", TF_NUM_INTRAOP_THREADS: "3", TF_ENABLE_ONEDNN_OPTS: "0" },
      { OMP_NUM_THREADS: "1", TF_NUM_INTRAOP_THREADS: "3", TF_ENABLE_ONEDNN_OPTS: "0" },
      {},
    ],
  ];
  for (const [env, settings, shared] of cases) {
    assertEquals(arithmeticSettings(env), settings);
    assertEquals(sharedCap(env), shared);
  }
});
