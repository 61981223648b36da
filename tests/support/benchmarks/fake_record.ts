/** Made-up results that several tests of benchmarks read. */
import type { BenchmarkRecord } from "../../../benchmarks/harness/benchmark_record.ts";
import type { Ratio } from "../../../benchmarks/harness/ratio.ts";

export const MACHINE: BenchmarkRecord["machine"] = {
  host: "here",
  system: "linux 6.1 x86_64",
  threads: 4,
  cores: 2,
  processor: "Some Processor",
  flags: ["avx2", "amx_bf16"],
  memoryGiB: 23.4,
};

export function fakeRatio(values: Partial<Ratio> = {}): Ratio {
  return {
    work: "step <64³>",
    ours: "Consilium",
    peer: "PyTorch",
    unit: "s",
    oursValue: 0.05123,
    peerValue: 0.1,
    ratio: 0.5123,
    spread: [0.45, 0.6],
    ...values,
  };
}

export function fakeRecord(name: string, values: Partial<BenchmarkRecord> = {}): BenchmarkRecord {
  return {
    name,
    title: `Title of ${name}`,
    started: "2026-01-02T03:04:05Z",
    ended: "2026-01-02T03:05:05Z",
    machine: MACHINE,
    versions: { Deno: "2.8.1", torch: "2.15.0" },
    git: { commit: "0123456789", modified: true },
    ratios: [fakeRatio()],
    equality: { "Consilium and PyTorch": 1.234e-6 },
    curves: [],
    notes: [],
    measurements: [{
      name: "Consilium",
      seconds: [0.05, 0.06],
      outputs: [[1], [2]],
      idleMiB: 100,
      peakMiB: 150,
    }],
    ...values,
  };
}
