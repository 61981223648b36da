/**
 * Pages of results for a browser on this machine.
 *
 * @module
 */
import { randomBytes, timingSafeEqual } from "node:crypto";

export interface Answering {
  /** Media type. */
  type: string;
  body: string | Uint8Array<ArrayBuffer>;
  /** @default 200 */
  status?: number;
}

export interface ServePagesOptions {
  /** Answers a path such as `/hippocampus/`; undefined where there is nothing. */
  answer: (path: string, query: URLSearchParams) => Promise<Answering | undefined>;
  /** @default 0: any that is free */
  port?: number | undefined;
  /** Ends the server. */
  signal: AbortSignal;
}

export interface PageServer {
  /** With the token. */
  url: string;
  finished: Promise<void>;
}

const COOKIE = "consilium_explore";

/** Nothing of a page may come from elsewhere, nor go there, nor may another site have the page in a frame. */
const headers = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; script-src 'self' 'unsafe-inline' blob:; worker-src blob:; style-src 'self' 'unsafe-inline'; " +
    "img-src 'self' data: blob:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/**
 * Serves on the loopback address alone, to whoever has the token: it comes with the address, and is a cookie from then on. Other host
 * names are refused, since a foreign site may give its own name this machine's address (DNS rebinding), and so are other origins.
 */
export function servePages({ answer, port = 0, signal }: ServePagesOptions): PageServer {
  const token = randomBytes(24).toString("base64url");
  let own = "";
  const server = Deno.serve({ hostname: "127.0.0.1", port, signal, onListen: () => {} }, async (request) => {
    const url = new URL(request.url), origin = request.headers.get("origin");
    if (![own, own.replace("127.0.0.1", "localhost")].includes(`http://${request.headers.get("host")}`)) {
      return plain(403, "This server answers to its own address alone.");
    }
    if (origin !== null && origin !== `http://${request.headers.get("host")}`) {
      return plain(403, "This server answers its own pages alone.");
    }
    if (request.method !== "GET") return plain(405, "This server is read, not written.");
    if (isToken(url.searchParams.get("token"), token)) {
      url.searchParams.delete("token");
      const location = `${url.pathname}${url.search}`;
      const cookie = `${COOKIE}=${token}; HttpOnly; SameSite=Strict; Path=/`;
      return new Response(null, { status: 303, headers: { ...headers, location, "set-cookie": cookie } });
    }
    const cookie = request.headers.get("cookie")?.match(new RegExp(`(?:^|; )${COOKIE}=([^;]*)`))?.[1] ?? null;
    if (!isToken(cookie, token)) {
      return plain(401, "The address with its token is wanted, as the terminal shows it.");
    }
    try {
      const found = await answer(decodeURIComponent(url.pathname), url.searchParams);
      if (!found) return plain(404, "There is no such page.");
      const { type, body, status = 200 } = found;
      return new Response(body, { status, headers: { ...headers, "content-type": type } });
    } catch (error) {
      // What a page cannot be made of stands in its place; the others go on.
      return plain(error instanceof URIError ? 400 : 500, (error as Error).message);
    }
  });
  own = `http://127.0.0.1:${server.addr.port}`;
  return { url: `${own}/?token=${token}`, finished: server.finished };
}

function plain(status: number, text: string): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { ...headers, "content-type": "text/plain; charset=utf-8" },
  });
}

/** In equal time, however much of it is right. */
function isToken(given: string | null, token: string): boolean {
  const [one, other] = [given ?? "", token].map((text) => new TextEncoder().encode(text));
  return one!.length === other!.length && timingSafeEqual(one!, other!);
}
