import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PAGES = fileURLToPath(new URL("../hosts", import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css",
  ".js": "text/javascript",
};

/** A widget as a page's tag says it: the tag's attributes by their names. Of `bot-assistant`, unless said otherwise. */
export type Tag = Readonly<Record<string, string | boolean>>;
declare global {
  interface Window {
    Parley: {
      get(id?: string): Record<"open" | "close" | "toggle" | "reset" | "destroy", () => void> & {
        send(text: string): void;
        identify(jwt: string): void;
        setVariables(values: Record<string, string>): void;
      };
      push(...commands: unknown[][]): void;
    };
  }
}

export type HostSite = {
  /** On another site than the widget's server. */
  readonly url: string;
  /** The address of a page of `e2e/hosts` with these widgets, or with none; with `headers` in its answer. */
  page(name: string, tags: readonly Tag[], headers?: Readonly<Record<string, string>>): string;
  stop(): Promise<void>;
};

/** The tag of one widget of a server; with an empty address it does nothing. */
const tagOf = (server: string, tag: Tag): string => {
  const attributes = Object.entries<string | boolean>({
    src: `${server}/widget.js`,
    "data-flow": "bot-assistant",
    ...tag,
  });
  const written = attributes.map(([name, value]) => (value === true ? name : `${name}='${value}'`));
  return `<script async ${written.join(" ")}></script>`;
};

/** Starts a site that embeds widgets of the server at `server` (an origin). */
export async function startHostSite(server: string): Promise<HostSite> {
  /** What each address that was asked for holds, by its number. */
  const made: { tags: readonly Tag[]; headers: Readonly<Record<string, string>> }[] = [];
  const http = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://x");
    const file = pathname === "/home" || pathname === "/help" ? "/spa.html" : pathname;
    const { tags, headers } = made[Number(searchParams.get("page") ?? Number.NaN)] ?? { tags: [], headers: {} };
    try {
      const text = readFileSync(join(PAGES, file), "utf8");
      const tag = tags.map((one) => tagOf(server, one)).join("\n");
      response.writeHead(200, { "Content-Type": TYPES[extname(file)] ?? "text/plain", ...headers });
      response.end(text.replace("<!--tag-->", tag).replace("<!--frame-->", searchParams.get("frame") ?? ""));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return {
    url,
    page: (name, tags, headers = {}) => `${url}/${name}?page=${made.push({ tags, headers }) - 1}`,
    stop: () =>
      new Promise((resolve) => {
        http.closeAllConnections();
        http.close(() => resolve());
      }),
  };
}
