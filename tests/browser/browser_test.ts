import { assertEquals } from "@std/assert";
import { inBrowser, withPage } from "./browser.ts";

inBrowser("the browser draws with WebGL 2, reaches nobody, and tells what went wrong", async () => {
  await withPage(async ({ page, problems }) => {
    await page.setContent(`<script>
      document.title = document.createElement("canvas").getContext("webgl2") ? "drawn" : "none";
      throw new Error("on purpose");
    </script>`);
    assertEquals(await page.title(), "drawn");
    assertEquals(problems, ["exception: on purpose"]);
    await page.goto("http://example.com/").catch(() => {});
    assertEquals(problems.slice(1), ["request: http://example.com/"]);
  });
});
