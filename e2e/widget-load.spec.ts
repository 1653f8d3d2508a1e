import { readdirSync, readFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { logOf, openChat, talk } from "./support/conversation.js";
import { type HostSite, startHostSite, type Tag } from "./support/host-site.js";
import { type Server, startServer } from "./support/server.js";

let server: Server;
let origin: string;
let site: HostSite;
test.beforeAll(async () => {
  server = await startServer({ env: { LIMITS: "off" } });
  origin = new URL(server.url).origin;
  site = await startHostSite(origin);
});
test.afterAll(async () => {
  await site.stop();
  await server.stop("SIGKILL");
});

/** What a page asks the widget's server for, without its query; sockets too. */
function asked(page: Page): string[] {
  const paths: string[] = [];
  page.on("request", (request) => request.url().startsWith(origin) && paths.push(new URL(request.url()).pathname));
  page.on("websocket", (socket) => paths.push(new URL(socket.url()).pathname));
  return paths;
}
const BEFORE = ["/widget.js", "/widget/v1/bot-assistant.json"];

for (const [mode, interest] of [
  ["bubble", (page: Page) => page.getByRole("button", { name: "Open chat" }).focus()],
  ["bubble", (page: Page) => page.mouse.move(1180, 640)],
  ["popup", (page: Page) => page.mouse.move(1180, 640)],
  ["inline", (page: Page) => page.evaluate(() => document.querySelector("#place")!.scrollIntoView())],
] as const) {
  test(`nothing but loader and appearance is fetched before interest, which is then enough (${mode}, ${interest.toString().includes("mouse") ? "pointer" : "other"})`, async ({
    page,
  }) => {
    const paths = asked(page);
    const tag: Tag = { "data-mode": mode, "data-target": "#place" };
    await page.goto(site.page("plain.html", []));
    // Far below the view.
    await page.route("**/page.css", async (route) => {
      const css = await (await route.fetch()).text();
      await route.fulfill({ body: `${css} #place { margin-top: 3000px }`, contentType: "text/css" });
    });
    await page.goto(site.page("plain.html", [tag]));
    if (mode !== "inline") await expect(page.getByRole("button", { name: "Open chat" })).toBeVisible();
    else await expect(page.locator("parley-chat")).toBeAttached();
    await page.mouse.move(200, 200);
    await page.waitForLoadState("networkidle");
    expect(paths.toSorted()).toEqual(BEFORE);
    await interest(page);
    await expect(page.locator(".panel")).toBeAttached();
    expect(paths.filter((path) => path.startsWith("/widget/conversation-"))).toHaveLength(1);
  });
}

test("the page does not move, neither when the widget comes nor when it opens; one language is loaded", async ({
  browser,
}) => {
  for (const tag of [{}, { "data-mode": "inline", "data-target": "#place", "data-locale": "fr" }] as Tag[]) {
    const page = await browser.newPage({ reducedMotion: "reduce" });
    const paths = asked(page);
    await page.addInitScript(() => {
      Object.assign(window, { shift: 0 });
      type Shift = PerformanceEntry & { value: number; hadRecentInput: boolean };
      new PerformanceObserver((list) => {
        // What the visitor asked for himself is no shift: a pane that grows when he presses its buttons.
        for (const { value, hadRecentInput } of list.getEntries() as Shift[]) {
          if (!hadRecentInput) (window as unknown as { shift: number }).shift += value;
        }
      }).observe({ type: "layout-shift", buffered: true });
    });
    await page.goto(site.page("plain.html", [tag]));
    if (tag["data-mode"] === "inline") await expect(logOf(page)).toBeVisible();
    else await openChat(page);
    await talk(page, { send: tag["data-locale"] === "fr" ? "Envoyer" : "Send" });
    expect(await page.evaluate(() => (window as unknown as { shift: number }).shift)).toBe(0);
    const parts = paths.filter((path) => /^\/widget\/[a-z]+-/.test(path)).map((path) => path.split("-")[0]);
    expect(parts.toSorted()).toEqual(
      tag["data-locale"] ? ["/widget/conversation", "/widget/fr"] : ["/widget/conversation"],
    );
    await page.context().close();
  }
});

/** Loaders that browsers and sites may still have: of the first version, and of each number of the contract. */
for (const version of readdirSync(new URL("fixtures/", import.meta.url)).filter((name) => name.startsWith("widget-"))) {
  test(`an old loader goes on with a new server (${version})`, async ({ page }) => {
    const file = (path: string) => readFileSync(new URL(`./fixtures/${version}/${path}`, import.meta.url), "utf8");
    const loader = file("widget.js");
    const part = /widget\/conversation-[\w-]+\.js/.exec(loader)?.[0];
    await page.route(`${origin}/widget.js`, (route) =>
      route.fulfill({ body: loader, contentType: "text/javascript", headers: { "Access-Control-Allow-Origin": "*" } }),
    );
    // The server keeps the parts of earlier versions (runtime/src/api/widget-files.test.ts); these are of another one.
    const parts: string[] = [];
    await page.route(`${origin}/widget/conversation-*.js`, (route) => {
      const path = new URL(route.request().url()).pathname;
      parts.push(path);
      return route.fulfill({
        body: file(path.slice(1)),
        contentType: "text/javascript",
        headers: { "Access-Control-Allow-Origin": "*" },
      });
    });
    const complaints: string[] = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(site.page("plain.html", [{}]));
    await openChat(page);
    await talk(page);
    expect(parts).toHaveLength(1);
    if (part) expect(parts).toEqual([`/${part}`]);
    expect(complaints).toEqual([]);
  });
}

test("the package, as a site's own build serves it", async ({ page }) => {
  const files = new URL("../widget/dist/npm/", import.meta.url);
  await page.route(`${site.url}/package/*`, (route) => {
    const name = new URL(route.request().url()).pathname.split("/").at(-1)!;
    return route.fulfill({ body: readFileSync(new URL(name, files), "utf8"), contentType: "text/javascript" });
  });
  await page.goto(site.page("plain.html", []));
  // Importing it does nothing.
  expect(await page.evaluate(async (url) => Object.keys(await import(url)), `${site.url}/package/index.js`)).toEqual([
    "mount",
  ]);
  await expect(page.locator("parley-chat")).toHaveCount(0);
  await page.evaluate(
    async ([url, server]) => {
      const { mount } = await import(url!);
      const chat = mount({ flow: "bot-assistant", server, mode: "inline", target: "#place", locale: "de" });
      Object.assign(window, { chat });
    },
    [`${site.url}/package/index.js`, origin] as const,
  );
  await talk(page, { send: "Senden" });
  await page.evaluate(() => (window as unknown as { chat: { destroy(): void } }).chat.destroy());
  await expect(page.locator("parley-chat")).toHaveCount(0);
});
