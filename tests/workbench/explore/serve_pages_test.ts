import { assertEquals, assertMatch } from "@std/assert";
import { servePages } from "../../../lib/workbench/explore/serve_pages.ts";

interface Asked {
  status: number;
  text: string;
  headers: Headers;
}

/** A server that answers `/a` by "A", and fails at `/bad`. */
async function withServer(
  use: (ask: (path: string, init?: RequestInit) => Promise<Asked>, token: string) => Promise<void>,
) {
  const ended = new AbortController();
  const { url, finished } = servePages({
    answer: (path) => {
      if (path === "/bad") throw new Error("Cannot read run: run.json is damaged");
      return Promise.resolve(path === "/a" ? { type: "text/plain", body: "A" } : undefined);
    },
    signal: ended.signal,
  });
  const { origin, searchParams } = new URL(url);
  try {
    await use(async (path, init) => {
      const response = await fetch(`${origin}${path}`, { redirect: "manual", ...init });
      return { status: response.status, text: await response.text(), headers: response.headers };
    }, searchParams.get("token")!);
  } finally {
    ended.abort();
    await finished;
  }
}

Deno.test("the token opens the pages, by the address once and by a cookie then", () =>
  withServer(async (ask, token) => {
    assertEquals((await ask("/a")).status, 401);
    assertEquals((await ask("/a?token=wrong")).status, 401);
    assertEquals((await ask(`/a?token=${token.slice(1)}`)).status, 401);
    const opened = await ask(`/a?x=1&token=${token}`);
    assertEquals([opened.status, opened.headers.get("location")], [303, "/a?x=1"]);
    const set = opened.headers.get("set-cookie")!;
    assertMatch(set, /; HttpOnly; SameSite=Strict; Path=\/$/);
    const cookie = set.split(";")[0]!;
    const page = await ask("/a", { headers: { cookie } });
    assertEquals([page.status, page.text], [200, "A"]);
    assertMatch(page.headers.get("content-security-policy")!, /^default-src 'none'/);
    assertEquals((await ask("/a", { headers: { cookie: `other=1; ${cookie}` } })).status, 200);
    assertEquals((await ask("/a", { headers: { cookie: "consilium_explore=" } })).status, 401);
  }));

Deno.test("foreign names, foreign sites and other methods are refused; what fails says why, and the server goes on", () =>
  withServer(async (ask, token) => {
    const cookie = `consilium_explore=${token}`;
    const status = async (path: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
      (await ask(path, { ...init, headers: { cookie, ...init.headers } })).status;
    assertEquals(await status("/a", { headers: { host: "evil.example" } }), 403);
    assertEquals(await status("/a", { headers: { origin: "http://evil.example" } }), 403);
    assertEquals(await status("/a", { method: "POST" }), 405);
    assertEquals(await status("/nothing"), 404);
    assertEquals(await status("/%"), 400);
    const bad = await ask("/bad", { headers: { cookie } });
    assertEquals([bad.status, bad.text], [500, "Cannot read run: run.json is damaged\n"]);
    assertEquals(await status("/a"), 200);
  }));
