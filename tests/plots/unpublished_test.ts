/** Every way from a scan's voxels to what a notebook shows and keeps. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { JUPYTER_DISPLAY, type MimeBundle } from "../../lib/plots/figure.ts";
import { saveFigure } from "../../lib/plots/save_figure.ts";
import { sliceBrowser } from "../../lib/plots/scans/slice_browser.ts";
import { sliceOverlays } from "../../lib/plots/scans/slice_overlays.ts";
import { volumeView } from "../../lib/plots/volumes/volume_view.ts";
import { runFolderVariable, UNPUBLISHED } from "../../lib/runs/notebooks/notebook_file.ts";
import { withEnv } from "../support/setup/with_env.ts";
import { withFolder } from "../support/runs/with_folder.ts";
import { toyCase } from "../support/plots/volumes/toy_case.ts";

const scan = {
  title: "case_1",
  shape: [4, 4, 4] as [number, number, number],
  spacing: [1, 1, 1] as [number, number, number],
  image: Float32Array.from({ length: 64 }, (_, i) => i),
  labels: new Uint8Array(64).fill(1),
};
const organs = ["Liver"];
const ways: Record<
  string,
  (publish?: boolean) => Promise<{ [JUPYTER_DISPLAY](): MimeBundle | Promise<MimeBundle> }>
> = {
  sliceOverlays: (publish) =>
    Promise.resolve(
      sliceOverlays([{ ...scan, publish, maps: [{ title: "truth", labels: scan.labels }] }], { organs }),
    ),
  sliceBrowser: (publish) => Promise.resolve(sliceBrowser({ ...scan, publish }, { organs })),
  volumeView: (publish) => volumeView(toyCase({ publish })),
};

const pictures = ["application/vnd.plotly.v1+json", "image/png", "text/html"];
const nowhere = { JPY_SESSION_NAME: undefined, [runFolderVariable]: undefined };

for (const [name, draw] of Object.entries(ways)) {
  Deno.test(`${name}: scans that must not be published are one line where git may keep them, else marked`, async () => {
    for (const publish of [false, undefined]) {
      const shown = await draw(publish);
      await withEnv(nowhere, async () => {
        const bundle = await shown[JUPYTER_DISPLAY]();
        assertEquals(Object.keys(bundle), ["text/plain"]);
        assertMatch(bundle["text/plain"] as string, /must not be published.* lab`/);
      });
      await withEnv({ ...nowhere, [runFolderVariable]: "/run" }, async () => {
        const bundle = await shown[JUPYTER_DISPLAY]();
        assert(pictures.some((type) => type in bundle) && UNPUBLISHED in bundle);
      });
    }
    await withEnv(nowhere, async () => {
      const bundle = await (await draw(true))[JUPYTER_DISPLAY]();
      assertEquals([pictures.some((type) => type in bundle), UNPUBLISHED in bundle], [true, false]);
    });
  });
}

Deno.test("one row that must not be published withholds the figure; a saved one goes to scans/", () =>
  withFolder(async (folder) => {
    const row = { ...scan, maps: [{ title: "truth", labels: scan.labels }] };
    const draw = (...flags: boolean[]) =>
      sliceOverlays(flags.map((publish) => ({ ...row, publish })), { organs });
    const [mixed, free] = [draw(true, false), draw(true, true)];
    assertEquals([mixed.unpublished, free.unpublished], [true, false]);
    assertEquals((await saveFigure(mixed, { folder, name: "a" })).svg, join(folder, "scans/a.svg"));
    assertEquals((await saveFigure(free, { folder, name: "a" })).svg, join(folder, "a.svg"));
  }));
