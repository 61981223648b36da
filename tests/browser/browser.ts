/** Headless Chromium for the tests of pages. */
import { join } from "@std/path";
import { type Browser, chromium, type Page } from "playwright-core";
import { projectRoot } from "../../lib/setup/tool_paths.ts";

const PROGRAMS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Path of a Chromium: the variable CHROMIUM, else where Debian and others put it; undefined where there is none. */
export function findChromium(): string | undefined {
  return [Deno.env.get("CHROMIUM"), ...PROGRAMS].find((path) => {
    try {
      return path !== undefined && Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}

/** Folder of the pictures that tests take; git ignores it. */
const screenshots = join(projectRoot, "data", "screenshots");

export interface Visit {
  page: Page;
  /** Everything the page complained about so far: exceptions, errors on its console, requests that failed. */
  problems: string[];
  /** Keeps a picture of the page as `data/screenshots/<name>.png`. */
  picture(name: string): Promise<void>;
}

/** Opens an empty page in a browser of its own that reaches nothing but this machine, and closes both. A picture of what fails is kept as `failed`. */
export async function withPage(
  visit: (visit: Visit) => Promise<void>,
  { width = 1280, height = 900 }: { width?: number; height?: number } = {},
): Promise<void> {
  const executablePath = findChromium();
  const browser: Browser = await chromium.launch({
    ...executablePath === undefined ? {} : { executablePath },
    args: [
      ...["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"],
      ...["--disable-component-update", "--disable-sync", "--use-gl=angle", "--use-angle=swiftshader"],
      ...["--enable-unsafe-swiftshader", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost"],
    ],
  });
  const page = await browser.newPage({ viewport: { width, height } });
  const picture = async (name: string) => {
    await Deno.mkdir(screenshots, { recursive: true });
    await page.screenshot({ path: join(screenshots, `${name}.png`) });
  };
  try {
    // Without a graphics card, on a busy machine, a picture takes its time.
    page.setDefaultTimeout(300_000);
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(`exception: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(`console: ${message.text()}`);
    });
    page.on("requestfailed", (request) => problems.push(`request: ${request.url()}`));
    await visit({ page, problems, picture });
  } catch (error) {
    await picture("failed");
    throw error;
  } finally {
    await browser.close();
  }
}

/** Options of a test in a browser: it is skipped, and says so, where there is none. */
export function inBrowser(name: string, test: () => Promise<void>): void {
  const missing = findChromium() === undefined;
  Deno.test({
    name: missing ? `${name} (skipped: no Chromium; apt-get install chromium, or set CHROMIUM)` : name,
    ignore: missing,
    // The browser's pipes belong to playwright.
    sanitizeOps: false,
    sanitizeResources: false,
    fn: test,
  });
}
