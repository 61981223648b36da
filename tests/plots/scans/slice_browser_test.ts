import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { loadImage } from "@napi-rs/canvas";
import type { Shape } from "../../../lib/imaging/volume.ts";
import { figureToSvg } from "../../../lib/plots/rendering/render_svg.ts";
import { sliceBrowser } from "../../../lib/plots/scans/slice_browser.ts";
import { textsOf } from "../../support/plots/scores.ts";

interface Slider {
  active: number;
  steps: { label: string; args: [Record<string, string>] }[];
}

const shape: Shape = [6, 8, 10];
const image = Float32Array.from({ length: 480 }, (_, voxel) => voxel % 97);
const labels = new Uint8Array(480);
labels[(4 * 8 + 3) * 10 + 7] = 2; // z 4, y 3, x 7

function browser(slices?: number) {
  const figure = sliceBrowser({ title: "case <1>", image, shape, spacing: [3, 2, 1], labels }, {
    organs: ["Liver", "Spleen"],
    slices,
  });
  const sliders = figure.layout.sliders as Slider[];
  const sources = (figure.layout.images as { source: string }[]).map(({ source }) => source);
  return { figure, sliders, sources };
}

Deno.test("a slider a plane moves that plane's picture; at first the slice with the organs is shown", async () => {
  const { sliders, sources } = browser();
  assertEquals(sliders.map(({ active, steps }) => steps[active]?.label), ["5 of 6", "4 of 8", "8 of 10"]);
  assertEquals(sliders.map(({ steps }) => steps.length), [6, 8, 10]);
  sliders.forEach(({ active, steps }, plane) => {
    assertEquals(steps[active]?.args, [{ [`images[${plane}].source`]: sources[plane] }]);
    assertEquals(new Set(steps.map(({ args: [change] }) => Object.values(change)[0])).size, steps.length);
  });
  const picture = await loadImage(sources[0]!);
  assertAlmostEquals(picture.width / picture.height, 10 / 16, 0.01, "10 mm across, 16 mm down");
});

Deno.test("of many slices some are drawn, evenly, the first one shown among them", () => {
  const { sliders } = browser(3);
  assertEquals(sliders.map(({ steps }) => steps.map(({ label }) => Number(label.split(" ")[0]))), [
    [1, 3, 5],
    [1, 4, 7],
    [4, 8],
  ]);
});

Deno.test("the figure names the case, the planes and the organs that are there", {
  sanitizeResources: false,
  sanitizeOps: false,
}, async () => {
  const texts = await textsOf(await figureToSvg(browser().figure));
  for (const text of ["axial", "coronal", "sagittal", "R", "L", "A", "P", "Spleen", "slice 5 of 6"]) {
    assert(texts.includes(text), `${text}: ${texts}`);
  }
  assert(texts.some((text) => text.includes("case <1>")) && !texts.includes("Liver"));
});
