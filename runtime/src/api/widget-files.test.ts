import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Settings } from "@parley/shared/flow/settings";
import express from "express";
import { afterEach, describe, expect, it } from "vitest";
import { scratch } from "../testing/server.js";
import { keepParts, widgetFiles } from "./widget-files.js";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

/** A built widget of two parts in a folder, and an empty one for what is kept. */
function folders() {
  const folder = scratch();
  cleanup.push(() => folder.dispose());
  const [dist, kept] = [join(folder.path, "dist"), join(folder.path, "data", "widget")];
  mkdirSync(join(dist, "widget"), { recursive: true });
  writeFileSync(join(dist, "widget.js"), "loader");
  writeFileSync(join(dist, "widget", "conversation-new.js"), "new");
  return { dist, kept };
}

async function serve(settings: Settings | undefined, publicUrl?: string) {
  const { dist, kept } = folders();
  await keepParts(kept, dist);
  writeFileSync(join(kept, "conversation-old.js"), "old");
  const config = { host: "127.0.0.1", publicUrl: publicUrl === undefined ? undefined : new URL(publicUrl) };
  const registry = { live: (flow: string) => (flow === "tea" && settings ? ({ settings } as never) : undefined) };
  const server = express().set("etag", false).use(widgetFiles({ config, registry, kept, dist })).listen(0, "127.0.0.1");
  cleanup.push(() => server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return (path: string, headers: Record<string, string> = {}) => fetch(`${url}${path}`, { headers });
}

describe("the widget's files", () => {
  it("are for every site: the loader for minutes, a part for ever, by the digest in its name", async () => {
    const get = await serve({});
    const loader = await get("/widget.js");
    expect([loader.status, await loader.text()]).toEqual([200, "loader"]);
    expect(loader.headers.get("cache-control")).toBe("public, max-age=300");
    const part = await get("/widget/conversation-new.js");
    expect([part.status, await part.text()]).toEqual([200, "new"]);
    expect(part.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    for (const { headers } of [loader, part]) {
      expect(headers.get("access-control-allow-origin")).toBe("*");
      expect(headers.get("cross-origin-resource-policy")).toBe("cross-origin");
    }
    expect((await get("/widget/conversation-none.js")).status).toBe(404);
    expect((await get("/widget/../widget.js/x")).status).toBe(404);
  });

  it("of earlier versions are still there", async () => {
    const get = await serve({});
    const old = await get("/widget/conversation-old.js");
    expect([old.status, await old.text()]).toEqual([200, "old"]);
    expect(old.headers.get("access-control-allow-origin")).toBe("*");
  });
});

describe("keepParts", () => {
  it("keeps what is there, adds what is new, and lets go of the oldest beyond its bound", async () => {
    const { dist, kept } = folders();
    mkdirSync(kept, { recursive: true });
    for (let n = 0; n < 1_002; n++) {
      writeFileSync(join(kept, `part-${n}.js`), "");
      utimesSync(join(kept, `part-${n}.js`), n, n);
    }
    await keepParts(kept, dist);
    expect(readdirSync(kept)).toHaveLength(1_001);
    expect(
      ["part-0.js", "part-1.js", "part-2.js", "conversation-new.js"].map((f) => existsSync(join(kept, f))),
    ).toEqual([false, false, true, true]);
  });
});

describe("the appearance of a flow", () => {
  const settings = { title: "Tea", origins: ["https://shop.example"], appearance: { color: "#123456" } };
  const of = (origin: string) => ({ Origin: origin });

  it("is what the closed widget shows, kept for a minute, and says so when it has not changed", async () => {
    const get = await serve({ ...settings, appearance: { color: "#123456", strings: { open: "Talk", send: "Go" } } });
    const answer = await get("/widget/v1/tea.json?lang=de-AT", of("https://shop.example"));
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({
      ...{ v: 1, title: "Tea", color: "#123456" },
      ...{ lang: "de-AT", dir: "ltr", words: "de", open: "Talk", dismiss: "Ausblenden" },
    });
    expect(answer.headers.get("cache-control")).toBe("public, max-age=60, stale-while-revalidate=600");
    expect(answer.headers.get("vary")).toBe("Origin");
    const again = await get("/widget/v1/tea.json?lang=de-AT", {
      ...of("https://shop.example"),
      "If-None-Match": answer.headers.get("etag")!,
    });
    expect(again.status).toBe(304);
  });

  it("goes to the sites that may embed it and to no other, which can read why", async () => {
    const get = await serve(settings);
    const status = async (headers: Record<string, string>) => (await get("/widget/v1/tea.json", headers)).status;
    expect(await status({})).toBe(200);
    for (const origin of ["https://evil.example", "http://shop.example", "https://shop.example:444", "null"]) {
      const refused = await get("/widget/v1/tea.json", of(origin));
      expect(refused.status).toBe(403);
      expect(await refused.json()).toMatchObject({
        code: "origin",
        title: `${origin} may not show "tea". Allow it in the studio: the flow's settings, Allowed sites.`,
      });
      expect(refused.headers.get("access-control-allow-origin")).toBe("*");
      expect(refused.headers.get("cache-control")).toBeNull();
    }
    const open = await serve({ ...settings, origins: ["null"] });
    expect((await open("/widget/v1/tea.json", of("null"))).status).toBe(200);
  });

  it("speaks the language that the page names, before that of the flow, before that of the visitor", async () => {
    const get = await serve({ ...settings, appearance: { locale: "fr" } });
    const open = async (query: string) =>
      ((await (await get(`/widget/v1/tea.json${query}`)).json()) as { open: string }).open;
    expect(await open("?locale=ja")).toBe("チャットを開く");
    expect(await open("?lang=ja")).toBe("Ouvrir la discussion");
    expect(await open("?locale=<script>&locale=de")).toBe("Ouvrir la discussion");
    expect(await (await (await serve(settings))("/widget/v1/tea.json?lang=ar")).json()).toMatchObject({ dir: "rtl" });
  });

  it("holds nothing of the policy, and is not there for a flow that is not", async () => {
    const get = await serve({ ...settings, variables: ["plan"] });
    const text = await (await get("/widget/v1/tea.json")).text();
    expect(text).not.toMatch(/origins|shop|variables|plan/);
    const none = await get("/widget/v1/cake.json", of("https://evil.example"));
    expect([none.status, none.headers.get("access-control-allow-origin")]).toEqual([404, "*"]);
    expect(await none.json()).toMatchObject({ code: "no-flow", title: 'No flow "cake" is published here.' });
    expect((await get("/widget/v1/__proto__.json")).status).toBe(404);
  });

  it("is at most 1 kB: what matters least is left out", async () => {
    const long = {
      title: "題".repeat(100),
      appearance: { color: "#123456", avatar: `/${"a".repeat(299)}`, greeting: "挨".repeat(150), position: "left" },
    } as const;
    const get = await serve(long);
    const text = await (await get("/widget/v1/tea.json")).text();
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1024);
    expect(JSON.parse(text)).toMatchObject({ title: long.title, color: "#123456", position: "left" });
    expect(JSON.parse(text)).toHaveProperty("greeting");
    expect(JSON.parse(text)).not.toHaveProperty("avatar");
  });
});
