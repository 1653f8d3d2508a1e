import type { AddressInfo } from "node:net";
import type { Settings } from "@parley/shared/flow/settings";
import express from "express";
import helmet from "helmet";
import { afterEach, describe, expect, it } from "vitest";
import { send } from "../testing/studio.js";
import { publicPages } from "./public-page.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

/** The pages of a server on which only `tea` is live, with these settings. */
async function serve(settings: Settings, env: { host?: string; publicUrl?: string } = {}) {
  const { host = "127.0.0.1", publicUrl } = env;
  const config = { host, publicUrl: publicUrl === undefined ? undefined : new URL(publicUrl), trustProxy: 0 };
  const registry = { live: (flow: string) => (flow === "tea" ? ({ settings } as never) : undefined) };
  const app = express()
    .set("etag", false)
    .use(helmet({ contentSecurityPolicy: false }));
  const server = app.use(publicPages({ config, registry })).listen(0, "127.0.0.1");
  cleanup.push(() => server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const get = (path = "/c/tea", headers: Record<string, string> = {}, method = "GET") =>
    send(url, method, path, { headers });
  return { get, url };
}

/** Text and attributes as a browser reads them, of a page that has no other character references than these. */
const read = (text: string): string => text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(+code));
const titleOf = (html: string): string => read(/<title>([^<]*)<\/title>/.exec(html)![1]!);
const metasOf = (html: string): Record<string, string> =>
  Object.fromEntries(
    [...html.matchAll(/<meta (?:name|property)="([^"]*)" content="([^"]*)">/g)].map(([, name, content]) => [
      name!,
      read(content!),
    ]),
  );
const rulesOf = (headers: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    String(headers["content-security-policy"])
      .split("; ")
      .map((rule) => [rule.split(" ")[0]!, rule.split(" ").slice(1).join(" ")]),
  );

describe("the public page of a flow", () => {
  it("is the conversation as the whole page, named and pictured as its settings say", async () => {
    const look = { color: "#123456", avatar: "/assets/tea.png", theme: "dark" } as const;
    const appearance = { ...look, greeting: "A cup?", locale: "ar-EG" };
    const { get, url } = await serve({ title: "Tea & cake", appearance });
    const { status, headers, text } = await get();
    expect(status).toBe(200);
    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(titleOf(text)).toBe("Tea & cake");
    expect(text).toContain('<html lang="ar-EG" dir="rtl">');
    expect(metasOf(text)).toEqual({
      viewport: "width=device-width, initial-scale=1",
      "color-scheme": "dark",
      "theme-color": "#123456",
      description: "A cup?",
      "og:type": "website",
      "og:url": `${url}/c/tea`,
      "og:title": "Tea & cake",
      "og:description": "A cup?",
      "og:image": `${url}/assets/tea.png`,
      "twitter:card": "summary",
    });
    expect(text).toContain(`<link rel="icon" href="${url}/assets/tea.png">`);
    expect(text.match(/<script.*?<\/script>/gs)).toEqual([
      '<script async src="/widget.js" data-flow="tea" data-mode="fullpage"></script>',
    ]);
  });

  it("without settings is named by its flow, has no picture, and speaks the visitor's language", async () => {
    const { get } = await serve({});
    const { text, headers } = await get("/c/tea", { "accept-language": "de-AT,en;q=0.5" });
    expect(titleOf(text)).toBe("tea");
    expect(text).toContain('<html lang="de-AT" dir="ltr">');
    expect(Object.keys(metasOf(text))).not.toEqual(expect.arrayContaining(["og:image"]));
    expect(metasOf(text)).toMatchObject({ "color-scheme": "light dark", "og:title": "tea" });
    expect(headers.vary).toBe("Accept-Language");
    expect((await get("/c/tea", { "accept-language": "*" })).text).toContain('<html lang="en" dir="ltr">');
  });

  it("has the picture of an https address or of its own server, and no other", async () => {
    const at = (avatar: string) => serve({ appearance: { avatar } }, { publicUrl: "https://bots.example" });
    const imageOf = async (avatar: string) => {
      const { text } = await (await at(avatar)).get("/c/tea", { host: "bots.example" });
      expect(text).toContain("<link");
      return metasOf(text)["og:image"];
    };
    expect(await imageOf("https://pictures.example/a.png?x=1&y=2")).toBe("https://pictures.example/a.png?x=1&y=2");
    expect(await imageOf("/a.png")).toBe("https://bots.example/a.png");
    for (const bad of [
      "http://a.example/x",
      "javascript:alert(1)",
      "//evil.example/x",
      "/\\evil.example",
      "a.png",
      "",
    ]) {
      expect(await imageOf(bad), bad).toBeUndefined();
    }
  });

  it("[P15] writes every text as text", async () => {
    const attacks = [
      "<script>alert(1)</script>",
      "</title><script>alert(1)</script>",
      "x\u0000</TITLE\u000b><base href=//evil.example>",
      '"><img src=x onerror=alert(1)>',
      "'><svg/onload=alert(1)>",
      "<meta http-equiv=refresh content=0;url=//evil.example>",
      '" content="x" http-equiv="refresh',
      "]]><!--",
      "--!><style>*{display:none}</style>",
      "&lt;b&gt; &amp; &#60;i&#62;",
      "{{x}}<template><script>alert(1)</script></template>",
      "\u202e<b>txt.exe</b>\ufeff\u0085\u2028",
      "<plaintext>",
    ];
    const plain = (await (await serve({ title: "a", appearance: { greeting: "b" } })).get()).text;
    const tags = (html: string) => html.match(/<\/?[a-z!][^\s>]*/gi);
    for (const attack of attacks) {
      const title = attack.slice(0, 100);
      const { text } = await (await serve({ title, appearance: { greeting: title, avatar: "/x" } })).get();
      expect(tags(text)?.filter((tag) => tag !== "<meta")).toEqual(tags(plain)?.filter((tag) => tag !== "<meta"));
      const clean = title.replace(/[^\P{Cc}\t\n\r]/gu, "\ufffd");
      expect(metasOf(text)["og:description"]).toBe(clean);
      expect(titleOf(text)).toBe(clean.trim());
    }
  });

  it("[P15] runs the widget and nothing else, in frames of the sites that may embed the flow", async () => {
    const { get, url } = await serve({
      origins: ["https://shop.example", "http://10.0.0.1:8080", "https://a.example/path", "null"],
    });
    const { headers } = await get();
    expect(rulesOf(headers)).toEqual({
      "default-src": "'none'",
      "script-src": "'self'",
      "style-src": expect.stringMatching(/^'sha256-[\w+/]{43}='$/),
      "img-src": "'self' data: https:",
      "connect-src": `'self' ${url.replace("http", "ws")}`,
      "frame-ancestors": "'self' https://shop.example http://10.0.0.1:8080 https://a.example",
      "base-uri": "'none'",
      "form-action": "'none'",
      "require-trusted-types-for": "'script'",
      "trusted-types": "'none'",
    });
    expect(headers["x-frame-options"]).toBeUndefined();
    expect(headers["set-cookie"]).toBeUndefined();
    expect(headers["access-control-allow-origin"]).toBeUndefined();
  });

  it("[P15] no site in the settings widens its policy", async () => {
    const origins = [
      "https://a.example; script-src *",
      "https://a;script-src",
      "https://*",
      "https://*.example",
      "*",
      "'self' *",
      "https:",
      "data:text/html,x",
      "https://[::1]:5173",
    ];
    const { headers } = await (await serve({ origins })).get();
    expect(rulesOf(headers)["frame-ancestors"]).toBe("'self'");
    expect(Object.keys(rulesOf(headers))).toHaveLength(10);
  });

  it("while no site is named is in frames of this machine's pages, where only this machine can reach it", async () => {
    const ancestors = async (env: Parameters<typeof serve>[1]) =>
      rulesOf((await (await serve({}, env)).get("/c/tea", { host: "127.0.0.1" })).headers)["frame-ancestors"];
    expect(await ancestors({})).toBe(
      "'self' http://localhost:* https://localhost:* http://127.0.0.1:* https://127.0.0.1:*",
    );
    expect(await ancestors({ host: "0.0.0.0" })).toBe("'self'");
    expect(await ancestors({ publicUrl: "https://bots.example" })).toBe("'self'");
  });

  it("is kept for a minute, and says so when it has not changed", async () => {
    const { get } = await serve({ title: "Tea", origins: ["https://shop.example"] });
    const { headers, text } = await get();
    expect(headers["cache-control"]).toBe("public, max-age=60");
    const etag = String(headers.etag);
    const again = await get("/c/tea", { "if-none-match": etag });
    expect([again.status, again.text]).toEqual([304, ""]);
    const head = await get("/c/tea", {}, "HEAD");
    expect([head.status, head.text, head.headers.etag]).toEqual([200, "", etag]);
    expect(Number(head.headers["content-length"])).toBe(Buffer.byteLength(text));
    // Who may frame it is part of what it is.
    const other = await (await serve({ title: "Tea", origins: ["https://other.example"] })).get();
    expect(other.headers.etag).not.toBe(etag);
  });

  it("says in words that there is none, of whatever is not live", async () => {
    const { get } = await serve({ title: "Tea" });
    for (const path of ["/c/cake", "/c/__proto__", "/c/TEA", "/c/%3Cscript%3Ealert(1)%3C%2Fscript%3E"]) {
      const { status, headers, text } = await get(path);
      expect(status, path).toBe(404);
      expect(text).toContain("<h1>There is no conversation at this address</h1>");
      expect(text).not.toContain("<script");
      expect(headers["cache-control"]).toBe("no-store");
      expect(rulesOf(headers)["frame-ancestors"]).toBe("'none'");
    }
  });
});
