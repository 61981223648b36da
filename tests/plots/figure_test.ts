import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { describe, figure, JUPYTER_DISPLAY } from "../../lib/plots/figure.ts";
import { organColour, organColours, rgb } from "../../lib/plots/palette.ts";
import { svgToPng } from "../../lib/plots/rendering/render_png.ts";
import { saveFigure } from "../../lib/plots/save_figure.ts";

const lasting = { sanitizeResources: false, sanitizeOps: false };
const root = new URL("../../", import.meta.url);

/** Width and height in a PNG's header. */
function pngSize(png: Uint8Array): [width: number, height: number] {
  assertEquals([...png.slice(0, 8)], [137, 80, 78, 71, 13, 10, 26, 10]);
  const view = new DataView(png.buffer, png.byteOffset);
  return [view.getUint32(16), view.getUint32(20)];
}

Deno.test("a figure is plain JSON of a known height", () => {
  const { data, layout } = figure([{ y: new Float32Array([1, NaN, Infinity]) }]);
  assertEquals(data, [{ y: [1, null, null] }]);
  assert(layout.height > 0 && layout.width > 0);
  assertEquals(describe(figure([])), "Figure: untitled (0 traces, 860 × 460 px)");
});

Deno.test("a notebook gets Plotly's JSON, a PNG and text, changes included", lasting, async () => {
  const made = figure([{ type: "scatter", y: [1, 2] }]);
  made.layout.width = 300;
  made.layout.height = 200;
  const bundle = await made[JUPYTER_DISPLAY]();
  assertEquals(Object.keys(bundle).toSorted(), ["application/vnd.plotly.v1+json", "image/png", "text/plain"]);
  const png = Uint8Array.fromBase64(bundle["image/png"] as string);
  assertEquals(pngSize(png), [300, 200]);
});

Deno.test("a figure that cannot be drawn is still shown by its JSON", lasting, async () => {
  const { warn } = console;
  const warnings: string[] = [];
  console.warn = (text) => warnings.push(text);
  try {
    const bundle = await figure([], { width: -1 })[JUPYTER_DISPLAY]();
    assertEquals(Object.keys(bundle), ["application/vnd.plotly.v1+json", "text/plain"]);
    assertEquals(warnings.length, 1);
  } finally {
    console.warn = warn;
  }
});

Deno.test("PNG: letters are drawn, at the scale asked for", async () => {
  const svg = (text: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20"><text x="2" y="15">${text}</text></svg>`;
  const draw = (text: string) => svgToPng(svg(text));
  const [letters, cyrillic, nothing] = await Promise.all([draw("Dice"), draw("Печень"), draw("")]);
  assertEquals(pngSize(letters), [120, 40]);
  assertEquals(pngSize(await svgToPng(svg("Dice"), { scale: 1 })), [60, 20]);
  const page = `<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="3000"></svg>`;
  assertEquals(pngSize(await svgToPng(page)), [816, 2449], "of at most two million pixels");
  assert(letters.length > nothing.length + 200 && cyrillic.length > nothing.length + 200);
});

Deno.test("saving writes the figure in three forms, and nothing half", lasting, async () => {
  const folder = await Deno.makeTempDir();
  try {
    const made = figure([{ type: "scatter", y: [1, 2] }], { title: { text: "a" } });
    const paths = await saveFigure(made, { folder: join(folder, "figures"), name: "a.b_1" });
    const names = [...Deno.readDirSync(join(folder, "figures"))].map(({ name }) => name).toSorted();
    assertEquals(names, ["a.b_1.json", "a.b_1.png", "a.b_1.svg"]);
    assertEquals(JSON.parse(await Deno.readTextFile(paths.json)), { data: made.data, layout: made.layout });
    const broken = figure([], { width: -1 });
    await assertRejects(
      () => saveFigure(broken, { folder: join(folder, "other"), name: "a" }),
      Error,
      "Cannot draw",
    );
    await assertRejects(
      () => saveFigure(made, { folder, name: "../a" }),
      Error,
      "Cannot save figure: name must be",
    );
    assertEquals([...Deno.readDirSync(folder)].length, 1);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("with named permissions only, and without a notebook, it draws and prints", async () => {
  const code = `
    import { figure, organTable, saveFigure, show } from "consilium/plots";
    const rows = [{ case: "a", dataset: "full", organ: "Liver", dice: 0.9, hd95: 1 }];
    await show(organTable(rows));
    await show(figure([{ type: "heatmap", z: [[1, 2]] }], { title: { text: "Map" } }));
    await saveFigure(figure([{ type: "heatmap", z: [[1, 2]] }]), { folder: Deno.args[0], name: "map" });`;
  const folder = await Deno.makeTempDir();
  const script = join(folder, "script.ts");
  try {
    await Deno.writeTextFile(script, code);
    const { code: status, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--no-prompt", "--allow-env", "--allow-sys", "--allow-ffi", `--allow-read=${folder},.`],
        ...[`--allow-write=${folder}`, "--config", "deno.json", script, folder],
      ],
      cwd: root,
    }).output();
    const text = new TextDecoder().decode(stdout);
    assertEquals(status, 0, new TextDecoder().decode(stderr));
    assert(text.includes("│ Liver │ 0.900 │") && text.includes("Figure: Map"), text);
    assert(pngSize(await Deno.readFile(join(folder, "map.png")))[0] > 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("every organ of a large vocabulary has its own colour, the same whatever else is drawn", () => {
  const names = Array.from({ length: 61 }, (_, i) => `organ_${i}`);
  const colours = [...organColours(names).values()];
  assertEquals(new Set(colours).size, 61);
  assertEquals(colours[4], organColour(5));
  assertEquals(organColours(["a", "b"], { colours: { b: "#010203" } }).get("b"), "#010203");
  assertEquals(organColours(["constructor"]).get("constructor"), organColour(1));
  assertEquals(rgb("#0102fF"), [1, 2, 255]);
  assertThrows(
    () => rgb("red"),
    Error,
    `Cannot read colour: must be of the form #rrggbb, current value is "red"`,
  );
});
