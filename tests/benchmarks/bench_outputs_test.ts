import { assert, assertEquals } from "@std/assert";
import { writeBenchmarkRecord } from "../../benchmarks/harness/benchmark_record.ts";
import { writeBenchmarkOutputs } from "../../benchmarks/harness/bench_outputs.ts";
import { logAxis } from "../../benchmarks/figures/benchmark_axis.ts";
import { benchmarkGrowth } from "../../benchmarks/figures/benchmark_growth.ts";
import { benchmarkRows } from "../../benchmarks/figures/benchmark_rows.ts";
import { benchmarkRatios } from "../../benchmarks/figures/benchmark_ratios.ts";
import { quantity, significant } from "../../benchmarks/figures/benchmark_table.ts";
import { figureToSvg } from "../../lib/plots/rendering/render_svg.ts";
import { textsOf } from "../support/plots/scores.ts";
import { withFolder } from "../support/runs/with_folder.ts";
import { fakeRatio, fakeRecord } from "../support/benchmarks/fake_record.ts";

const lasting = { sanitizeResources: false, sanitizeOps: false };

const met = fakeRatio({ goal: 0.6 });
const missed = fakeRatio({ peer: "torch.compile", ratio: 1.25, spread: [1.2, 1.3], goal: 0.85 });
const memory = fakeRatio({
  unit: "MiB",
  oursValue: 1234.4,
  peerValue: 12.34,
  ratio: 100,
  spread: [100, 100],
});
const curve = {
  title: "More datasets",
  x: "datasets",
  y: "seconds",
  points: [{ x: 2, y: 1 }, { x: 4, y: 2.5 }],
};

Deno.test(
  "table and figures are made of all results of a folder",
  lasting,
  () =>
    withFolder(async (folder) => {
      assertEquals(await writeBenchmarkOutputs(folder), undefined);
      await writeBenchmarkRecord(folder, fakeRecord("one", { ratios: [met, memory], curves: [curve] }));
      await writeBenchmarkRecord(
        folder,
        fakeRecord("two", { ratios: [missed], curves: [curve, curve], notes: ["N."], othersShare: 0.123 }),
      );
      const table = (await writeBenchmarkOutputs(folder))!;
      assertEquals(table.columns, [
        ...["work", "ours", "peer", "ours (median)", "peer (median)", "ratio", "spread", "goal", "met"],
      ]);
      assertEquals(
        table.rows,
        [
          ["step <64³>", "Consilium", "PyTorch", "51.2 ms", "100 ms", 0.512, "0.450–0.600", 0.6, "yes"],
          ["step <64³>", "Consilium", "PyTorch", "1234 MiB", "12.3 MiB", 100, "100–100", null, null],
          ["step <64³>", "Consilium", "torch.compile", "51.2 ms", "100 ms", 1.25, "1.20–1.30", 0.85, {
            text: "no",
            bold: true,
          }],
        ],
      );
      assertEquals(table.blocks, [2]);
      const markdown = await Deno.readTextFile(`${folder}/table.md`);
      for (
        const text of [
          "**What Consilium costs compared with its peers: Some, AMX, 4 threads**",
          "one: largest relative difference of outputs: Consilium and PyTorch 0.0000012.",
          "two: N.",
          "two: DISTURBED: other programs used 12 % of the processors meanwhile.",
          "Some Processor, 2 cores, 4 threads, with avx2, amx\\_bf16, 23 GiB, linux 6.1 x86\\_64.",
          "Deno 2.8.1, torch 2.15.0; commit 0123456 with changes.",
        ]
      ) assert(markdown.includes(text), `${text} is not in ${markdown}`);
      assertEquals((await Deno.readTextFile(`${folder}/table.csv`)).split("\n").slice(0, 3), [
        "benchmark,work,ours,peer,unit,ours_median,peer_median,ratio,low,high,goal,met",
        "one,step <64³>,Consilium,PyTorch,s,0.05123,0.1,0.5123,0.45,0.6,0.6,true",
        "one,step <64³>,Consilium,PyTorch,MiB,1234.4,12.34,100,100,100,,",
      ]);
      const figures = (await Array.fromAsync(Deno.readDir(`${folder}/figures`))).map(({ name }) => name)
        .sort();
      assertEquals(figures.filter((name) => name.endsWith(".png")), [
        "one.png",
        "ratios.png",
        "two_1.png",
        "two_2.png",
      ]);
      assertEquals(figures.length, 12);
    }),
);

Deno.test(
  "the figure of ratios shows works once, everyone who did them, and the numbers",
  lasting,
  async () => {
    const texts = await textsOf(await figureToSvg(benchmarkRatios([met, memory, missed])));
    const names = [
      "Time",
      "Memory",
      "Consilium vs PyTorch",
      "Consilium vs torch.compile",
      "0.51",
      "1.25",
      "100",
    ];
    for (const text of [...names, "goal met", "goal missed", "no goal", "goal", "1"]) {
      assert(texts.includes(text), `"${text}" is not among ${JSON.stringify(texts)}`);
    }
    // Once in each block.
    assertEquals(texts.filter((text) => text === "step <64³>").length, 2);
  },
);

Deno.test("names that begin with the same work are shown without it", () => {
  const texts = (ours: string, peer: string) => benchmarkRows([fakeRatio({ ours, peer })]).rows.at(-1)!.text;
  assertEquals(texts("stage 1, small: step", "stage 1, small: bare passes"), "step vs bare passes");
  assertEquals(texts("stage 1: step", "stage 2: step"), "stage 1: step vs stage 2: step");
  assertEquals(texts("Consilium", "PyTorch"), "Consilium vs PyTorch");
});

Deno.test("points stand at the ratios, by goal, ticks at the goals, and what is too far at the axis' end", () => {
  const near = fakeRatio({ ratio: 2, spread: [0.001, 3] });
  const tiny = fakeRatio({ ratio: 0.0001, spread: [0.0001, 0.2], goal: 0.5 });
  const { data, layout } = benchmarkRatios([met, near, missed, tiny, memory]);
  const markers = data.filter(({ mode }) => mode === "markers").map(({ name, x, marker, showlegend }) =>
    [name, x, (marker as { symbol: unknown }).symbol, showlegend] as unknown
  );
  assertEquals(markers, [
    ["goal met", [0.5123], "circle", true],
    ["goal met", [0.05], ["triangle-left"], false],
    ["goal missed", [1.25], "diamond", true],
    ["no goal", [2], "square", true],
    ["no goal", [20], ["triangle-right"], false],
    ["goal", [0.6, 0.85, 0.5], "line-ns-open", true],
  ]);
  const spreads = data.filter(({ mode }) => mode === "lines").map(({ x }) => x);
  assertEquals(spreads, [[1, 1], [0.45, 0.6], [0.05, 3], [1.2, 1.3], [0.05, 0.2], [20, 20]]);
  const [low, high] = (layout.xaxis as { range: [number, number] }).range;
  assert(low > -1.5 && high < 1.5, `${low} ${high}`);
  const alone = benchmarkRatios([memory]).data.filter(({ showlegend }) => showlegend).map(({ name }) => name);
  assertEquals(alone, ["no goal"]);
});

Deno.test("a ratio that is no number leaves its row without a point", lasting, async () => {
  const texts = await textsOf(
    await figureToSvg(benchmarkRatios([fakeRatio({ ratio: NaN, spread: [NaN, NaN] })])),
  );
  for (const text of ["Consilium vs PyTorch", "–", "1"]) assert(texts.includes(text), JSON.stringify(texts));
});

Deno.test("the figure of growth shows its labels", lasting, async () => {
  const texts = await textsOf(await figureToSvg(benchmarkGrowth(curve)));
  for (const text of ["More datasets", "datasets", "seconds", "2", "4", "1"]) {
    assert(texts.includes(text), `"${text}" is not among ${JSON.stringify(texts)}`);
  }
});

Deno.test("a logarithmic axis holds its values, spans a factor of four at least, and has few ticks", () => {
  for (const values of [[1], [0.9, 1.1], [0.02, 1.3], [1e-6, 1e9], [0, NaN, 3]]) {
    const { range: [low, high], tickvals, ticktext } = logAxis(values) as {
      range: [number, number];
      tickvals: number[];
      ticktext: string[];
    };
    for (const value of values.filter((value) => value > 0)) {
      assert(low < Math.log10(value) && Math.log10(value) < high);
    }
    assert(high - low >= Math.log10(4));
    assert(tickvals.length > 1);
    assertEquals(ticktext.map(Number), tickvals.map((value) => Number(value.toPrecision(1))));
  }
  assertEquals((logAxis([2, 3, 8], { ticksAtValues: true }) as { ticktext: string[] }).ticktext, [
    "2",
    "3",
    "8",
  ]);
});

Deno.test("numbers have three digits and no powers of ten", () => {
  assertEquals([1234.5, 12.345, 0.00012345, 1e-9, 0, NaN, Infinity].map((value) => significant(value, 3)), [
    ...["1235", "12.3", "0.000123", "0.00000000100", "0", "–", "∞"],
  ]);
  assertEquals([1.5, 0.0005, 99.99].map((value) => quantity(value, "s")), ["1.50 s", "0.500 ms", "100.0 s"]);
  assertEquals(quantity(0.5, "MiB"), "0.500 MiB");
});
