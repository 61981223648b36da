import { assert, assertEquals, assertRejects } from "@std/assert";
import { figure } from "../../../lib/plots/figure.ts";
import { figureToSvg } from "../../../lib/plots/rendering/render_svg.ts";
import { parseXml, textsOf } from "../../support/plots/scores.ts";

// The window's animation timer stays open for the next figure.
const lasting = { sanitizeResources: false, sanitizeOps: false };

interface Oracle {
  figure: { data: Record<string, unknown>[]; layout: Record<string, unknown> };
  texts: [content: string, x: string | null, y: string | null, transform: string | null][];
}

const numbers = (...parts: (string | null)[]) => parts.join(" ").match(/-?\d+\.?\d*/g)?.map(Number) ?? [];

Deno.test("every text stands where Chromium puts it", lasting, async () => {
  const oracles: Oracle[] = JSON.parse(
    await Deno.readTextFile(new URL("../../fixtures/plots/chromium.json", import.meta.url)),
  );
  for (const { figure: { data, layout }, texts } of oracles) {
    const document = await parseXml(await figureToSvg(figure(data, layout)));
    // deno-lint-ignore no-explicit-any
    const ours = [...document.querySelectorAll("text")] as any[];
    assertEquals(ours.map((text) => text.textContent), texts.map(([content]) => content));
    texts.forEach(([content, ...place], index) => {
      const attribute = (name: string) => ours[index].getAttribute(name);
      const [here, there] = [
        numbers(attribute("x"), attribute("y"), attribute("transform")),
        numbers(...place),
      ];
      assertEquals(here.length, there.length, content);
      here.forEach((value, i) => assert(Math.abs(value - there[i]!) < 3, `${content}: ${here} or ${there}`));
    });
  }
});

Deno.test("no tick label is dropped when labels are long or stand upright", lasting, async () => {
  const names = Array.from({ length: 14 }, (_, i) => `Structure number ${i} of the study`);
  const axis = { tickmode: "array", tickvals: names };
  for (
    const [x, y, layout] of [[names, names.map((_, i) => i), { xaxis: axis }], [
      names.map((_, i) => i),
      names,
      { yaxis: axis },
    ]] as const
  ) {
    const orientation = x === names ? "v" : "h";
    const texts = await textsOf(await figureToSvg(figure([{ type: "bar", x, y, orientation }], layout)));
    for (const name of names) assert(texts.includes(name), name);
  }
});

Deno.test(
  "the same figure is the same file, also when figures of other sizes are drawn meanwhile",
  lasting,
  async () => {
    const one = figure([{ type: "bar", x: ["a", "b"], y: [1, 2] }], { width: 300, height: 200 });
    const other = figure([{ type: "heatmap", z: [[1, 2], [3, 4]] }], { width: 500, height: 400 });
    const [first, between, second] = await Promise.all([
      figureToSvg(one),
      figureToSvg(other),
      figureToSvg(one),
    ]);
    assertEquals(first, second);
    assert(first.includes('width="300"') && between.includes('width="500"'));
  },
);

Deno.test("colour bars refer to their gradient as resvg can read it", lasting, async () => {
  const svg = await figureToSvg(figure([{ type: "heatmap", z: [[1, 2], [3, 4]] }]));
  assert(/url\(#[\w-]+\)/.test(svg) && !svg.includes("url('#") && !svg.includes("url(&quot;"));
});

Deno.test("the process gets no globals of a document", lasting, async () => {
  await figureToSvg(figure([{ type: "scatter", y: [1, 2] }]));
  for (const name of ["document", "Plotly", "HTMLElement", "SVGElement"]) assert(!(name in globalThis), name);
});

Deno.test("a figure that cannot be drawn says so, and the next one is drawn", lasting, async () => {
  const broken = figure([], { width: -5, height: "tall" });
  await assertRejects(() => figureToSvg(broken), Error, "Cannot draw figure as SVG: ");
  assert((await figureToSvg(figure([{ type: "scatter", y: [1, 2] }]))).startsWith("<svg"));
});
