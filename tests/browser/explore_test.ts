// deno-lint-ignore-file no-explicit-any -- code of the browser, which the checker of Deno does not know
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import type { Page } from "playwright-core";
import { explore } from "../../lib/commands/explore.ts";
import { report } from "../../lib/commands/report.ts";
import { readArms } from "../../lib/comparison/arms.ts";
import { answerer } from "../../lib/explorer/answer.ts";
import type { Choice } from "../../lib/explorer/choice.ts";
import { collectData } from "../../lib/workbench/explore/collect_data.ts";
import { withOutput } from "../support/commands/with_output.ts";
import { fakeScores, writeFinishedRun } from "../support/runs/finished_run.ts";
import { withFolder } from "../support/runs/with_folder.ts";
import { inBrowser, withPage } from "./browser.ts";

const ORGANS = ["Liver", "Spleen", "</script><b>left</b> & 'right'"];

/** Three arms of two seeds with eight cases; HD95 of some is infinite. */
async function writeStudy(results: string): Promise<void> {
  for (const [experiment, level] of [["mutual", 0.85], ["a_weak", 0.7], ["oracle", 0.9]] as const) {
    for (const seed of [1, 2]) {
      const scores = fakeScores(Object.fromEntries(ORGANS.map((organ, o) => [
        organ,
        Object.fromEntries(
          Array.from({ length: 8 }, (_, i) => [`case_${i}`, level - 0.05 * o + 0.003 * i * seed]),
        ),
      ])));
      const rows = scores.map((row, index) => ({
        ...row,
        hd95: index % 7 === 0 ? Infinity : 10 * (1 - row.dice),
      }));
      await writeFinishedRun(results, {
        experiment,
        cohort: "toy",
        slug: seed === 1 ? "default" : `seed_${seed}`,
        seed,
        parameters: { seed, level },
        rows,
      });
    }
  }
}

/** Serves the study; the address is that of a name which the test's browser knows. */
async function withServed(use: (url: string, results: string) => Promise<void>): Promise<void> {
  await withFolder(async (results) => {
    await writeStudy(results);
    const ended = new AbortController(), { log, error } = console;
    const address = Promise.withResolvers<string>();
    console.log = (text: string) => address.resolve(text);
    console.error = () => {};
    const finished = explore(["toy"], { results, signal: ended.signal });
    try {
      const url = await Promise.race([address.promise, finished.then(() => "")]);
      console.log = log;
      console.error = error;
      await use(url.replace("127.0.0.1", "localhost"), results);
    } finally {
      console.log = log;
      console.error = error;
      ended.abort();
      await finished;
    }
  });
}

/** A page that is left ends what it was asking for. */
const faults = (problems: readonly string[]) =>
  problems.filter((problem) => !problem.startsWith("request: "));

/** The page is there: its table, and its first figures. */
async function ready(page: Page): Promise<void> {
  await page.locator("#arms tbody tr").first().waitFor();
  await page.waitForFunction(() =>
    (globalThis as any).document.querySelectorAll("#scores .plot svg.main-svg").length >= 2
  );
}

const cellsOf = (page: Page, column: number) =>
  page.locator(`#arms tbody tr td:nth-child(${column})`).allInnerTexts();

inBrowser("the page to explore follows one choice, which its address keeps", () =>
  withServed(async (url) => {
    await withPage(async ({ page, problems, picture }) => {
      await page.goto(url);
      await ready(page);
      assert(!page.url().includes("token"), "the token is a cookie by now");
      const before = await cellsOf(page, 5);
      assertMatch(before[0]!, /^0\.\d{3} \[0\.\d{3}, 0\.\d{3}\]$/);

      await page.getByLabel("Metric", { exact: true }).selectOption("hd95");
      await page.locator("#scores").getByText("Median HD95 (mm) of the arms").first().waitFor();
      await page.getByLabel("Compared with").selectOption("a_weak");
      await page.getByRole("button", { name: /^minus a_weak/ }).waitFor();
      const seeds = page.getByRole("group", { name: "Seeds" });
      await seeds.getByLabel("2").focus();
      await page.keyboard.press("Space");
      await page.getByLabel("show oracle").uncheck();
      await page.locator("#arms tr", { has: page.getByLabel("show oracle") }).getByText("–", { exact: true })
        .waitFor();
      const address: string = page.url();
      assertStringIncludes(address, "metric=hd95");
      assertStringIncludes(address, "reference=a_weak");

      await page.goto("about:blank");
      await page.goto(address);
      await ready(page);
      assertEquals(await page.getByLabel("Metric", { exact: true }).inputValue(), "hd95");
      assertEquals(await seeds.getByLabel("2").isChecked(), false);

      await page.locator("#organ").getByLabel("Organ", { exact: true }).selectOption("Spleen");
      await page.getByRole("heading", { name: "Cases: Spleen" }).waitFor();
      const head = page.locator("#organ thead button", { hasText: "mutual" });
      await head.click();
      const values = await page.locator("#organ tbody td:nth-child(3)").allInnerTexts();
      const finite = values.filter((text) => text !== "missed").map(Number);
      assertEquals(finite, finite.toSorted((a, b) => a - b));
      await page.locator("#organ tbody button").first().click();
      await page.locator("#case-title").waitFor();
      // The toy has no scans: the page says so, and stands.
      await page.locator("#case .note", { hasText: "git does not keep them" }).waitFor();
      await page.getByRole("button", { name: "Next case" }).click();
      await picture("explore");

      await page.locator(".views summary").click();
      await page.locator(".views input").fill("mine");
      await page.getByRole("button", { name: "Keep" }).click();
      await page.getByLabel("Metric", { exact: true }).selectOption("dice");
      await page.getByRole("button", { name: "mine", exact: true }).click();
      assertEquals(await page.getByLabel("Metric", { exact: true }).inputValue(), "hd95");
      assertEquals(faults(problems), []);
    });
  }));

const CHOICES: Choice[] = [
  { metric: "dice" },
  { metric: "hd95", statistic: "mean", reference: "oracle" },
  { metric: "hd95", seeds: ["2"], organs: ["Spleen"] },
  { metric: "dice", group: "level", organ: "Liver" },
];

inBrowser("the page's numbers are the library's to the last digit", () =>
  withServed(async (url, results) => {
    const options = { cohort: "toy", unfinished: [], folder: "" };
    const answer = answerer(collectData(await readArms("toy", { results }), options));
    await withPage(async ({ page }) => {
      await page.goto(url);
      await ready(page);
      for (const choice of CHOICES) {
        const theirs = await page.evaluate((choice) => {
          const text = (id: string) => (globalThis as any).document.getElementById(id).textContent;
          const worker = new (globalThis as any).Worker(
            (globalThis as any).URL.createObjectURL(new (globalThis as any).Blob([text("program")])),
          );
          return new Promise((done) => {
            worker.onmessage = ({ data }: { data: { answer: unknown } }) => done(data.answer);
            worker.postMessage({ data: JSON.parse(text("data")) });
            worker.postMessage({ number: 1, choice });
          });
        }, choice);
        const plain = (value: unknown) =>
          JSON.stringify(value, (_, one) => typeof one === "number" ? String(one) : one);
        assertEquals(plain(theirs), plain(answer(choice)));
      }
    });
  }));

for (const width of [800, 1400]) {
  for (const colorScheme of ["light", "dark"] as const) {
    inBrowser(
      `axe finds nothing wrong with the page, ${width} px, ${colorScheme}; nothing is wider than the window`,
      () =>
        withServed(async (url) => {
          await withPage(async ({ page, picture }) => {
            await page.emulateMedia({ colorScheme });
            await page.goto(url);
            await ready(page);
            await page.addScriptTag({
              content: await Deno.readTextFile(new URL(import.meta.resolve("axe-core/axe.min.js"))),
            });
            const violations = await page.evaluate(async () =>
              (await (globalThis as any).axe.run("#explorer, nav, h1")).violations.map((
                { id, nodes }: { id: string; nodes: { html: string }[] },
              ) => `${id}: ${nodes.map(({ html }) => html.slice(0, 150)).join(" | ")}`)
            );
            assertEquals(violations, []);
            const wide = await page.evaluate(() =>
              (globalThis as any).document.documentElement.scrollWidth - (globalThis as any).innerWidth
            );
            assert(wide <= 0, `${wide} px`);
            await picture(`explore_${width}_${colorScheme}`);
          }, { width });
        }),
    );
  }
}

inBrowser("the report is the same page, as a file", () =>
  withFolder(async (results) => {
    await writeStudy(results);
    assertEquals((await withOutput(() => report(["toy"], { results }))).result, 0);
    await withPage(async ({ page, problems }) => {
      await page.goto(`${toFileUrl(join(results, "toy/report/index.html")).href}#metric=hd95`);
      await ready(page);
      assertEquals(await page.getByLabel("Metric", { exact: true }).inputValue(), "hd95");
      await page.locator("#arms details.arm summary").first().click();
      assertMatch(
        await page.locator("#arms details.arm a").first().getAttribute("href") ?? "",
        /^\.\.\/mutual\/default\/v001$/,
      );
      await page.locator("nav a", { hasText: "Runs" }).click();
      assertStringIncludes(page.url(), "#metric=hd95");
      assertEquals(problems, []);
    });
  }));

inBrowser("an address that means nothing here leaves the page standing", () =>
  withServed(async (url) => {
    const { origin } = new URL(url);
    await withPage(async ({ page, problems }) => {
      await page.goto(url);
      for (
        const hash of [
          "metric=hd95&arms=%5B%22oracle%22%5D&reference=nobody",
          "arms=%5B%5D",
          "reference=constructor&organ=constructor&case=%5B1%5D&group=__proto__",
          "seeds=%5B%229%22%5D&datasets=%5B%22none%22%5D",
        ]
      ) {
        await page.goto("about:blank");
        await page.goto(`${origin}/toy/#${hash}`);
        await page.locator("#arms .note").first().waitFor();
        assertEquals(await page.getByRole("alert").count(), 0, hash);
      }
      assertEquals(faults(problems), []);
    });
  }));
