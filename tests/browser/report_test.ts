import { assert, assertEquals, assertMatch } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import { report } from "../../lib/commands/report.ts";
import { fakeScores, writeFinishedRun } from "../support/runs/finished_run.ts";
import { withFolder } from "../support/runs/with_folder.ts";
import { inBrowser, withPage } from "./browser.ts";

const ORGANS = ["Liver", "Spleen", "</script><b>left</b> & 'right'"];

/** Three arms of two seeds with eight cases; the first organ's order of arms is not that of their names. */
async function writeStudy(results: string): Promise<void> {
  for (const [experiment, level] of [["mutual", 0.85], ["a_weak", 0.7], ["b_strong", 0.9]] as const) {
    for (const seed of [1, 2]) {
      const rows = fakeScores(Object.fromEntries(ORGANS.map((organ, o) => [
        organ,
        Object.fromEntries(
          Array.from({ length: 8 }, (_, i) => [`case_${i}`, level - 0.05 * o + 0.003 * i * seed]),
        ),
      ])));
      await writeFinishedRun(results, {
        experiment,
        cohort: "toy",
        slug: seed === 1 ? "default" : `seed_${seed}`,
        seed,
        parameters: { seed },
        rows,
      });
    }
  }
}

inBrowser(
  "the report opens as a file: live figures, sortable tables, runs behind each",
  () =>
    withFolder(async (results) => {
      await writeStudy(results);
      const log = console.log;
      console.log = () => {};
      try {
        assertEquals(await report(["toy"], { results }), 0);
      } finally {
        console.log = log;
      }
      const path = join(results, "toy", "report", "index.html");
      await withPage(async ({ page, problems, picture }) => {
        await page.goto(toFileUrl(path).href);
        await page.waitForFunction(() =>
          // deno-lint-ignore no-explicit-any
          [...(globalThis as any).document.querySelectorAll(".figure")].every((one) =>
            one.querySelector("svg.main-svg")
          )
        );
        const figures = await page.locator(".figure").count();
        assert(figures >= 5, `${figures}`);
        assertEquals(await page.locator(".figure .modebar").count(), figures);
        // A live chart answers the mouse.
        const chart = page.locator(".figure").first();
        await chart.scrollIntoViewIfNeeded();
        await chart.locator("path.point").first().hover({ force: true });
        await chart.locator(".hoverlayer .hovertext").first().waitFor();
        assertMatch(await chart.locator(".hoverlayer").textContent() ?? "", /0\.8\d\d/);

        const table = page.locator(".item table").first();
        const firstColumn = () => table.locator("tbody tr td:first-child").allTextContents();
        const before = await firstColumn();
        const head = table.locator("th", { hasText: "Liver" });
        await head.click();
        assertEquals(await firstColumn(), ["a_weak", "mutual", "b_strong"]);
        assertEquals(await head.getAttribute("aria-sort"), "ascending");
        await head.click();
        assertEquals(await firstColumn(), ["b_strong", "mutual", "a_weak"]);
        await table.locator("th").first().press("Enter");
        assertEquals(await firstColumn(), ["a_weak", "b_strong", "mutual"]);
        assertEquals(before, ["mutual", "a_weak", "b_strong"]);

        assertEquals(await table.locator("th", { hasText: ORGANS[2]! }).count(), 1); // text, not markup
        await page.locator(".item details summary").first().click();
        const links = page.locator(".item details").first().locator("a");
        assertEquals(await links.count(), 6);
        const target = await links.nth(1).getAttribute("href");
        assertEquals(target, "../mutual/seed_2/v001");
        assert((await Deno.stat(join(results, "toy", "report", target!))).isDirectory);
        await picture("report");
        assertEquals(problems, []);
      });
    }),
);
