import { assertEquals, assertMatch } from "@std/assert";
import { servePages } from "../../../lib/workbench/explore/serve_pages.ts";

interface Asked {
  status: number;
  text: string;
  headers: Headers;
}

/** A server that answers `/a` by "A", and fails at `/bad`. */
async function withServer(
  use: (
    ask: (path: string, init?: RequestInit) => Promise<Asked>,
    token: string,
    host: string,
  ) => Promise<void>,
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
    await use(
      async (path, init) => {
        const response = await fetch(`${origin}${path}`, { redirect: "manual", ...init });
        return { status: response.status, text: await response.text(), headers: response.headers };
      },
      searchParams.get("token")!,
      new URL(url).host,
    );
  } finally {
    ended.abort();
    await finished;
  }
}

/** Of a request that fetch would not send: its Host is not the server's. */
async function rawly(host: string, head: string): Promise<string> {
  const [hostname, port] = host.split(":");
  using connection = await Deno.connect({ hostname: hostname!, port: Number(port) });
  await connection.write(new TextEncoder().encode(`${head}\r\nConnection: close\r\n\r\n`));
  return await new Response(connection.readable).text();
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
  withServer(async (ask, token, host) => {
    const raw = (head: string) => rawly(host, head);
    const cookie = `consilium_explore=${token}`;
    const status = async (path: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
      (await ask(path, { ...init, headers: { cookie, ...init.headers } })).status;
    assertEquals(
      (await raw(`GET /a HTTP/1.1\r\nHost: evil.example\r\nCookie: ${cookie}`)).slice(0, 12),
      "HTTP/1.1 403",
    );
    assertEquals(
      (await raw(`GET /a HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}`)).slice(0, 12),
      "HTTP/1.1 200",
    );
    assertEquals(await status("/a", { headers: { origin: "http://evil.example" } }), 403);
    assertEquals(await status("/a", { method: "POST" }), 405);
    assertEquals(await status("/nothing"), 404);
    assertEquals(await status("/%"), 400);
    const bad = await ask("/bad", { headers: { cookie } });
    assertEquals([bad.status, bad.text], [500, "Cannot read run: run.json is damaged\n"]);
    assertEquals(await status("/a"), 200);
  }));
