import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { readNifti } from "../../../lib/imaging/nifti/read_nifti.ts";
import { JUPYTER_DISPLAY } from "../../../lib/plots/figure.ts";
import { organColour } from "../../../lib/plots/palette.ts";
import { inlineProgram } from "../../../lib/plots/volumes/inline_program.ts";
import { type CaseVolumes, volumePage } from "../../../lib/plots/volumes/volume_page.ts";
import { volumeView } from "../../../lib/plots/volumes/volume_view.ts";
import { inTempFolder } from "../../support/data/datasets/tiny_dataset.ts";
import { AFFINE, NAMES, toyCase } from "../../support/plots/volumes/toy_case.ts";

const lasting = { sanitizeResources: false, sanitizeOps: false };

/** The page as a browser parses it; its programs do not run. */
// deno-lint-ignore no-explicit-any -- jsdom brings no types
async function parse(html: string): Promise<any> {
  const { JSDOM } = await import("jsdom");
  return new JSDOM(html).window.document;
}

// deno-lint-ignore no-explicit-any
const texts = (page: any, selector: string): string[] =>
  // deno-lint-ignore no-explicit-any
  [...page.querySelectorAll(selector)].map((element: any) => element.textContent);

Deno.test("names are text: in the title, the legend and the settings", lasting, async () => {
  const page = await parse(await volumePage(toyCase()));
  assertEquals(texts(page, "title"), ["case </title> 1 · toy/mutual/default/v001"]);
  assertEquals(texts(page, "h1"), ["case </title> 1"]);
  assertEquals(texts(page, "#legend button"), NAMES);
  assertEquals(page.getElementById("bad"), null);
  // Settings, three volumes, NiiVue and the viewer.
  assertEquals(page.querySelectorAll("script").length, 6);
  const { organs } = JSON.parse(page.getElementById("settings").textContent);
  assertEquals(organs.map(({ name }: { name: string }) => name), NAMES);
});

Deno.test(
  "organs have the figures' colours, in the legend and in the planes, unless others are asked for",
  lasting,
  async () => {
    const organs = Array.from({ length: 15 }, (_, index) => ({ name: `organ ${index + 1}` }));
    const page = await parse(await volumePage(toyCase({ organs }), { colours: { "organ 2": "#123456" } }));
    const wanted = organs.map((_, index) => index === 1 ? "#123456" : organColour(index + 1));
    const settings = JSON.parse(page.getElementById("settings").textContent);
    assertEquals(
      settings.organs.map(({ colour }: { colour: string }) => colour.toLowerCase()),
      wanted.map((colour) => colour.toLowerCase()),
    );
    // deno-lint-ignore no-explicit-any
    const drawn = [...page.querySelectorAll("#legend i")].map((swatch: any) => swatch.getAttribute("style"));
    assertEquals(drawn, wanted.map((colour) => `background:${colour}`));
  },
);

Deno.test(
  "the page holds the volumes as they are, and nothing else of the scan's file",
  lasting,
  () =>
    inTempFolder(async (folder) => {
      const shown = toyCase();
      const read = async (view: CaseVolumes, name: string) => {
        const page = await parse(await volumePage(view));
        const path = join(folder, `${name}.nii.gz`);
        await Deno.writeFile(path, Uint8Array.fromBase64(page.getElementById(name).textContent));
        return await readNifti(path);
      };
      for (const [name, data] of Object.entries({ ...shown, scan: shown.scan.data })) {
        if (!ArrayBuffer.isView(data)) continue;
        const { data: found, shape, affine } = await read(shown, name);
        assertEquals([found, shape, affine], [data as typeof found, [16, 14, 12], AFFINE], name);
      }
      const data = Float64Array.from(shown.scan.data);
      data.set([NaN, Infinity, 0.5]);
      const { data: safe } = await read(toyCase({ scan: { ...shown.scan, data } }), "scan");
      assertEquals([safe.constructor.name, ...safe.slice(0, 4)], ["Float32Array", 0, 0, 0.5, -97]);
    }),
);

Deno.test(
  "no truth: no switch and no slider of it; not annotated organs are said to be so",
  lasting,
  async () => {
    const [with_, without] = await Promise.all([undefined, { truth: undefined }].map(async (change) => {
      const organs = NAMES.map((name, index) => ({
        name,
        annotated: index > 0,
        dice: index > 1 ? 0.5 : NaN,
      }));
      return await parse(await volumePage(toyCase({ organs, ...change })));
    }));
    const inputs = (page: typeof with_) => page.querySelectorAll("input").length;
    assertEquals([inputs(with_), inputs(without)], [5, 1]);
    assertEquals([texts(with_, "small"), texts(without, "small")], [["not annotated"], []]);
    assertEquals(texts(with_, "#legend td + td").slice(0, 3), ["–", "–", "0.500"]);
    assertEquals(texts(await parse(await volumePage(toyCase())), "#legend td + td"), []);
    assertEquals(without.getElementById("truth"), null);
  },
);

Deno.test("an organ that the truth does not show is found in the prediction", lasting, async () => {
  const { truth, ...shown } = toyCase();
  const settings = async (truth: Uint8Array) => {
    const page = await parse(await volumePage({ ...shown, truth }));
    return JSON.parse(page.getElementById("settings").textContent);
  };
  // The blocks' centres in voxels (x, y, z): (2.5, 6, 5) and on, in the prediction y is 7.
  const whole = await settings(truth!);
  assertEquals(whole.organs[1].centre, [22, -8, 25]);
  const partial = await settings(truth!.map((organ) => organ === 2 ? 0 : organ));
  assertEquals(partial.organs[1].centre, [22, -6, 25]);
  // The first of equally busy planes: y is 4 in the truth, 5 in the prediction.
  assertEquals(whole.start[1], -12);
  assertEquals((await settings(truth!.map(() => 0))).start[1], -10);
});

Deno.test("a program within a page neither ends its element nor changes", lasting, async () => {
  const { JSDOM } = await import("jsdom");
  const program = `globalThis.found = ["</script>", /<!--/.test("<!--"), "</SCRIPT x" + "<b>"]`;
  const { window } = new JSDOM(`<script>${inlineProgram(program)}</script>`, { runScripts: "dangerously" });
  assertEquals([...window.found], ["</script>", true, "</SCRIPT x<b>"]);
});

Deno.test("a label map of another size is refused", async () => {
  for (const name of ["truth", "prediction"]) {
    await assertRejects(
      () => volumePage(toyCase({ [name]: new Uint8Array(7) })),
      Error,
      `${name} must have 2688 voxels (12×14×16), current value is 7`,
    );
  }
});

Deno.test("the page may ask nobody for anything", lasting, async () => {
  const page = await parse(await volumePage(toyCase()));
  const policy = page.querySelector("meta[http-equiv=Content-Security-Policy]").getAttribute("content");
  assert(policy.startsWith("default-src 'none';") && !/https?:|\*|'self'/.test(policy), policy);
  assertEquals(page.querySelectorAll("[src], [href], link").length, 0);
});

Deno.test("a notebook shows the page in a frame, whatever cannot shows a line", lasting, async () => {
  const view = await volumeView(toyCase({ publish: true }), { height: 500 });
  const bundle = view[JUPYTER_DISPLAY]();
  const frame = (await parse(bundle["text/html"] as string)).querySelector("iframe");
  assertEquals(frame.getAttribute("srcdoc"), view.html);
  assertEquals(frame.getAttribute("sandbox"), "allow-scripts");
  assert(frame.getAttribute("style").includes("height:500px"));
  assertEquals(
    bundle["text/plain"],
    "3D view: case </title> 1, toy/mutual/default/v001 (scan, truth and prediction, 12 × 14 × 16 voxels, 6 organs)",
  );
});
