import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { toFileUrl } from "@std/path";
import type { Page } from "playwright-core";
import { JUPYTER_DISPLAY } from "../../lib/plots/figure.ts";
import { organColour, rgb } from "../../lib/plots/palette.ts";
import { volumePage } from "../../lib/plots/volumes/volume_page.ts";
import { volumeView } from "../../lib/plots/volumes/volume_view.ts";
import { AFFINE, NAMES, toyCase } from "../support/plots/volumes/toy_case.ts";
import { inBrowser, type Visit, withPage } from "./browser.ts";

/** Opens a page by file://, as whoever was sent it would, and waits for its volumes. */
async function withFile(html: string, test: (visit: Visit) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempFile({ prefix: "consilium view 肝臓 #1 ", suffix: ".html" });
  try {
    await Deno.writeTextFile(path, html);
    await withPage(async (visit) => {
      await visit.page.goto(toFileUrl(path).href);
      await visit.page.waitForSelector("html[data-state=ready]", { state: "attached" });
      await test(visit);
      assertEquals(visit.problems, []);
    }, { width: 900, height: 640 });
  } finally {
    await Deno.remove(path);
  }
}

/** Colours of a canvas as it is on the screen: how many pixels have each, "r,g,b". */
async function colours(page: Page, canvas: string): Promise<Map<string, number>> {
  // NiiVue draws when the browser asks it to.
  await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
  const { createCanvas, loadImage } = await import("@napi-rs/canvas");
  const image = await loadImage(await page.locator(canvas).screenshot());
  const context = createCanvas(image.width, image.height).getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const counts = new Map<string, number>();
  for (let i = 0; i < data.length; i += 4) {
    const colour = data.slice(i, i + 3).join();
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  return counts;
}

/** Moves a slider as a hand would. */
const slide = (page: Page, name: string, value: number) =>
  page.locator(`#${name}-opacity`).fill(String(value));

const choose = (page: Page, text: string) => page.locator(".switch").getByText(text, { exact: true }).click();

inBrowser(
  "the page shows scan, truth and prediction in three planes and in 3D, from a file alone",
  async () => {
    await withFile(await volumePage(toyCase()), async ({ page, picture }) => {
      const loaded = await page.evaluate(
        `Object.values(viewer).map(({ volumes }) => volumes.map(({ name, hdr }) =>
      ({ name, dims: hdr.dims.slice(1, 4), affine: hdr.affine })))`,
      ) as {
        name: string;
        dims: number[];
        affine: number[][];
      }[][];
      const names = ["scan", "truth", "prediction"].map((name) => `${name}.nii.gz`);
      assertEquals(loaded.map((volumes) => volumes.map(({ name }) => name)), [names, names.slice(1)]);
      for (const { dims, affine } of loaded.flat()) assertEquals([dims, affine], [[16, 14, 12], AFFINE]);
      const [slices, render] = [await colours(page, "#slices"), await colours(page, "#render")];
      assert(slices.size > 50 && render.size > 50, `few colours: ${slices.size}, ${render.size}`);
      assertEquals(await page.locator("#legend button").allInnerTexts(), NAMES);
      await picture("view_toy");
    });
  },
);

inBrowser("sliders and the switch change what is seen, in the colours of the legend", async () => {
  await withFile(await volumePage(toyCase()), async ({ page }) => {
    const both = async () => [await colours(page, "#slices"), await colours(page, "#render")] as const;
    for (
      const [shown, other, text] of [
        ["truth", "prediction", "Truth"],
        ["prediction", "truth", "Prediction"],
      ] as const
    ) {
      await choose(page, text);
      await slide(page, shown, 1);
      const solid = await both();
      for (let organ = 1; organ <= NAMES.length; organ++) {
        const pixels = solid[0].get(rgb(organColour(organ)).join()) ?? 0;
        assert(pixels > 100, `${shown}: ${pixels} pixels are of organ ${organ}`);
      }
      await slide(page, other, 0.1);
      assertEquals(await both(), solid);
      await slide(page, shown, 0.3);
      const faint = await both();
      for (const [index, canvas] of faint.entries()) {
        assertNotEquals(canvas, solid[index], `${shown} on canvas ${index}`);
      }
      await slide(page, shown, 0);
      const hidden = (await colours(page, "#slices")).get(rgb(organColour(1)).join()) ?? 0;
      assertEquals(hidden, 0, `${shown} is hidden`);
    }
    await choose(page, "Both");
    for (const name of ["truth", "prediction"]) {
      const before = await colours(page, "#slices");
      await slide(page, name, 0.8);
      assertNotEquals(await colours(page, "#slices"), before, `${name} when both are shown`);
    }
  });
});

inBrowser("an organ of the legend takes the crosshair to it; the page says what is there", async () => {
  const { truth, ...shown } = toyCase();
  const butLast = (organ: number) => organ === NAMES.length ? 0 : organ;
  const change = { truth: truth!.map(butLast), prediction: shown.prediction.map(butLast) };
  await withFile(await volumePage(toyCase(change)), async ({ page }) => {
    await page.locator("#legend button").nth(2).click();
    // Voxel (6, 6, 5) of the grid: 15·5 + 4·6 + 6 - 100.
    const wanted = ["x 18 · y -8 · z 25 mm", "scan: 5", `truth: ${NAMES[2]}`, `prediction: ${NAMES[2]}`];
    assertEquals((await page.locator("#place").innerText()).split("\n"), wanted);
    const buttons = await page.locator("#legend button").all();
    const enabled = await Promise.all(buttons.map((button) => button.isEnabled()));
    assertEquals(enabled, NAMES.map((_, index) => index < NAMES.length - 1));
  });
});

inBrowser("a page without a truth, and a page in a notebook's frame, work as well", async () => {
  const view = await volumeView(toyCase({ truth: undefined, publish: true }));
  await withFile(view.html, async ({ page }) => {
    assertEquals(await page.evaluate("viewer.slices.volumes.length"), 2);
    const before = await colours(page, "#slices");
    await slide(page, "prediction", 1);
    assertNotEquals(await colours(page, "#slices"), before);
  });
  const notebook = `<!DOCTYPE html><p>Out [1]:</p>${view[JUPYTER_DISPLAY]()["text/html"]}`;
  await withPage(async ({ page, problems }) => {
    await page.setContent(notebook);
    const frame = page.frameLocator("iframe");
    await frame.locator("html[data-state=ready]").waitFor({ state: "attached" });
    assertEquals(await frame.locator("h1").innerText(), toyCase().title);
    assertEquals(problems, []);
  });
});

inBrowser("a browser that cannot draw in 3D is told so", async () => {
  const html = await volumePage(toyCase());
  await withPage(async ({ page, problems }) => {
    await page.addInitScript("HTMLCanvasElement.prototype.getContext = () => null");
    await page.goto("about:blank");
    await page.setContent(html);
    await page.waitForSelector("html[data-state=failed]", { state: "attached" });
    const said = await page.locator("#problem").innerText();
    assertEquals(said, "The scan cannot be shown: this browser has no WebGL 2, which 3D needs");
    assertEquals(problems, ["exception: this browser has no WebGL 2, which 3D needs"]);
  });
});
