import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { logOf, openChat, type Place, talk } from "./support/conversation.js";
import { type HostSite, startHostSite, type Tag } from "./support/host-site.js";
import { differingPixels, type Picture, pageStyles, pictureIn } from "./support/page-styles.js";
import { freshFolder, type Server, startServer } from "./support/server.js";

let server: Server;
let origin: string;
let site: HostSite;
/** Console errors and violations of the page, which no test here expects. */
let complaints: string[];

/** A red picture of 8×8, as any server has one. */
const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGO4o2GFFTEMLQkA1/lCwRgDUs8AAAAASUVORK5CYII=",
  "base64",
);

test.beforeAll(async () => {
  const dataDir = freshFolder();
  mkdirSync(join(dataDir, "widget"), { recursive: true, mode: 0o700 });
  writeFileSync(join(dataDir, "widget", "cat.png"), PICTURE);
  const picture = {
    a: { sendRequest: { kind: "BotText", content: "A picture: <img src='/widget/cat.png' alt='A cat'>" }, next: "b" },
    b: { sendRequest: { kind: "StartChatSession", sessionId: "s", chatPrompt: "Say something" } },
    c: { matchResponse: { kind: "UserText", sessionId: "s" }, next: "d" },
    d: { sendRequest: { kind: "BotText", content: "<b>Thanks</b>, {{s}}" } },
  };
  const flow = join(dataDir, "..", "picture.json");
  writeFileSync(flow, JSON.stringify(picture));
  writeFileSync(
    join(dataDir, "..", "picture.settings.json"),
    JSON.stringify({ title: "Picture", appearance: { avatar: "/widget/cat.png", launcher: "avatar" } }),
  );
  const open = join(dataDir, "..", "open.json");
  writeFileSync(open, JSON.stringify(picture));
  writeFileSync(join(dataDir, "..", "open.settings.json"), JSON.stringify({ title: "Open", origins: ["null"] }));
  const dressed = join(dataDir, "..", "dressed.json");
  writeFileSync(dressed, JSON.stringify(picture));
  const appearance = { color: "#ffcc00", position: "left", greeting: "Shall we talk?", theme: "light" };
  writeFileSync(join(dataDir, "..", "dressed.settings.json"), JSON.stringify({ title: "Dressed", appearance }));
  const elsewhere = join(dataDir, "..", "elsewhere.json");
  writeFileSync(elsewhere, JSON.stringify(picture));
  writeFileSync(
    join(dataDir, "..", "elsewhere.settings.json"),
    JSON.stringify({ title: "Elsewhere", origins: ["https://elsewhere.example"] }),
  );
  const args = ["bot-assistant", "faq"].map((name) => new URL(`../flows/${name}.json`, import.meta.url).pathname);
  server = await startServer({ dataDir, args: [...args, flow, open, dressed, elsewhere], env: { LIMITS: "off" } });
  origin = new URL(server.url).origin;
  site = await startHostSite(origin);
});
test.afterAll(async () => {
  await site.stop();
  await server.stop("SIGKILL");
});

test.beforeEach(({ page }) => {
  complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
});
test.afterEach(() => expect(complaints).toEqual([]));

/** Opens a page of the site, and looks whether the widget changes what is the page's own. */
async function visit(page: Page, name: string, tags: readonly Tag[], headers?: Record<string, string>) {
  await page.goto(
    site.page(
      name,
      tags.map((tag) => ({ ...tag, src: "" })),
      headers,
    ),
  );
  const before = await pageStyles(page);
  await page.goto(site.page(name, tags, headers));
  return async () => expect(await pageStyles(page)).toEqual(before);
}

const panel = (place: Place) => place.locator(".panel");
/** The pane without its corners, which show what is behind them. */
async function pictureOf(page: Page, place: Place = page): Promise<Picture> {
  await page.mouse.move(5, 5);
  const { x, y, width, height } = (await panel(place.locator("[data-parley=bot-assistant]")).boundingBox())!;
  return pictureIn(page, { x, y: y + 20, width, height: height - 40 });
}

type Size = { width: number; height: number };
/** How the finished conversation looks on a plain page, by what its tag says and how large the page is. */
const PLAIN = new Map<string, Picture>();
async function plain(page: Page, tag: Tag, viewport: Size): Promise<Picture> {
  const key = JSON.stringify([tag, viewport]);
  const known = PLAIN.get(key);
  if (known) return known;
  const other = await page.context().browser()!.newPage({ reducedMotion: "reduce", viewport });
  await other.goto(site.page("plain.html", [tag]));
  if (tag["data-mode"] === "inline") await other.locator("#place").scrollIntoViewIfNeeded();
  else await openChat(other, tag["data-locale"] === "ar" ? "فتح الدردشة" : "Open chat");
  await talk(other, { send: tag["data-locale"] === "ar" ? "إرسال" : "Send" });
  const picture = await pictureOf(other);
  await other.context().close();
  PLAIN.set(key, picture);
  return picture;
}

/** @param frame a frame of the page that it is in, and how large that is */
async function looksAsOnAPlainPage(page: Page, tag: Tag = {}, frame?: { place: Place; size: Size }): Promise<void> {
  const here = await pictureOf(page, frame?.place);
  const there = await plain(page, tag, frame?.size ?? page.viewportSize()!);
  const blank = await page.context().newPage();
  expect(await differingPixels(blank, here, there)).toBe(0);
  await blank.close();
}

const CSP = (more = "") =>
  `default-src 'none'; style-src 'self'; script-src ${origin}; connect-src ${origin} ${origin.replace("http", "ws")}; ` +
  `img-src ${origin}; require-trusted-types-for 'script'${more}`;

test("a page that styles everything", async ({ page }) => {
  const unchanged = await visit(page, "hostile.html", [{}]);
  await openChat(page);
  await talk(page);
  await looksAsOnAPlainPage(page);
  await unchanged();
});

test("a page that styles everything, with the widget in an element of it", async ({ page }) => {
  const tag = { "data-mode": "inline", "data-target": "#place" };
  await page.goto(site.page("plain.html", [tag]));
  await page.locator("#place").scrollIntoViewIfNeeded();
  await talk(page);
  // The element itself is the page's: what is in it has its own direction, words and colours.
  await page.addStyleTag({
    content: `#place * { all: unset !important; direction: rtl !important; color: red !important; font: 40px fantasy !important;
      letter-spacing: 9px !important; visibility: hidden !important; text-transform: uppercase !important }`,
  });
  await looksAsOnAPlainPage(page, tag);
});

test("within an element it is as high as that, whenever the page's own styles come", async ({ page }) => {
  await page.goto(site.page("plain.html", [{ "data-mode": "inline", "data-target": "#place" }]));
  const height = () => page.locator("parley-chat").evaluate((element) => element.getBoundingClientRect().height);
  await expect.poll(height).toBe(520);
  for (const [rule, expected] of [
    ["height: auto", 480],
    ["height: 600px", 600],
    ["height: 200px", 320],
  ] as const) {
    await page.addStyleTag({ content: `#place { ${rule} }` });
    expect(await height()).toBe(expected);
  }
});

for (const [name, more] of [
  ["a strict policy with trusted types", ""],
  ["a strict policy that allows no policy of trusted types", "; trusted-types 'none'"],
] as const) {
  test(`${name}, with an avatar and a picture in a message`, async ({ page }) => {
    const headers = { "Content-Security-Policy": CSP(more) };
    const unchanged = await visit(
      page,
      "strict.html",
      [{}, { "data-flow": "picture", "data-position": "left", "data-debug": true }],
      headers,
    );
    await page.evaluate(() =>
      document.addEventListener("securitypolicyviolation", (event) => console.error(event.violatedDirective)),
    );
    const [first, second] = [page.locator("[data-parley=bot-assistant]"), page.locator("[data-parley=picture]")];
    await second.getByRole("button", { name: "Open chat" }).click();
    await expect(logOf(second).getByAltText("A cat")).toHaveJSProperty("naturalWidth", 8);
    await expect(panel(second).locator(".header img")).toHaveJSProperty("naturalWidth", 8);
    await second.getByPlaceholder("Say something").fill("<img src=x onerror=alert(1)>");
    await second.getByPlaceholder("Say something").press("Enter");
    await expect(logOf(second)).toContainText("Thanks, <img src=x onerror=alert(1)>");
    await expect(second.locator(".debug")).toContainText('"token":"…"');
    await second.getByRole("button", { name: "Close chat" }).click();
    await openChat(first);
    await talk(first);
    await looksAsOnAPlainPage(page);
    await unchanged();
  });
}

test("a pinned version: each part is checked before it runs", async ({ page }) => {
  const { loader } = await (await page.request.get(`${origin}/widget.json`)).json();
  const tag = { src: `${origin}${loader.src}`, integrity: loader.integrity, crossorigin: true, "data-locale": "de" };
  const headers = { "Content-Security-Policy": CSP() };
  await page.goto(site.page("strict.html", [tag], headers));
  await openChat(page, "Chat öffnen");
  await talk(page, { send: "Senden" });
  expect(
    await page
      .locator("link[rel=modulepreload]")
      .evaluateAll((links) => links.map((link) => (link as HTMLLinkElement).integrity.slice(0, 7))),
  ).toContain("sha256-");
});

test("a pinned version whose part was changed does not run it", async ({ page }) => {
  const { loader } = await (await page.request.get(`${origin}/widget.json`)).json();
  await page.route("**/widget/conversation-*.js", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `console.error("it ran");${await response.text()}` });
  });
  await page.goto(
    site.page("plain.html", [{ src: `${origin}${loader.src}`, integrity: loader.integrity, crossorigin: true }]),
  );
  const failed = page.evaluate(
    () =>
      new Promise((resolve) =>
        document.addEventListener("parley:error", (event) => resolve((event as CustomEvent).detail.code)),
      ),
  );
  await page.getByRole("button", { name: "Open chat" }).click();
  expect(await failed).toBe("not-loaded");
  await expect(panel(page)).toHaveCount(0);
  // The browser itself says so, and nothing else was said.
  expect(complaints.splice(0).filter((line) => !/digest.*integrity/i.test(line))).toEqual([]);
});

test("a page without a doctype", async ({ page }) => {
  const unchanged = await visit(page, "quirks.html", [{}]);
  expect(await page.evaluate(() => document.compatMode)).toBe("BackCompat");
  await openChat(page);
  await talk(page);
  await looksAsOnAPlainPage(page);
  await unchanged();
});

test("a page that is written from the right", async ({ page }) => {
  const unchanged = await visit(page, "rtl.html", [{}]);
  await openChat(page, "فتح الدردشة");
  await talk(page, { send: "إرسال" });
  expect((await panel(page).boundingBox())!.x).toBeLessThan(100);
  await looksAsOnAPlainPage(page, { "data-locale": "ar" });
  await unchanged();
});

test("a widget looks as its flow's settings say, else as its tag, else as the page's own rules of colours and parts", async ({
  page,
}) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto(site.page("plain.html", [{ "data-flow": "dressed" }]));
  const host = page.locator("[data-parley=dressed]");
  const [launcher, header] = [host.locator(".launcher"), host.locator(".header")];
  const look = (of: typeof header, property: string) =>
    of.evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);
  await expect(launcher).toBeVisible();
  expect((await launcher.boundingBox())!.x).toBeLessThan(100);
  await expect(host.locator(".hi")).toContainText("Shall we talk?");
  await launcher.click();
  await expect(header).toContainText("Dressed");
  // Yellow takes black.
  expect([await look(header, "background-color"), await look(header, "color")]).toEqual([
    "rgb(255, 204, 0)",
    "rgb(0, 0, 0)",
  ]);
  // Published as light, whatever the visitor's system is.
  expect(await look(panel(host), "background-color")).toBe("rgb(255, 255, 255)");
  await page.addStyleTag({
    content: `parley-chat { --parley-color: #123456; --parley-on: #fedcba }
      parley-chat::part(panel) { border-radius: 3px } parley-chat::part(launcher) { border-radius: 7px }`,
  });
  expect([await look(header, "background-color"), await look(header, "color")]).toEqual([
    "rgb(18, 52, 86)",
    "rgb(254, 220, 186)",
  ]);
  expect([await look(panel(host), "border-radius"), await look(launcher, "border-radius")]).toEqual(["3px", "7px"]);
  await page.goto(site.page("plain.html", [{ "data-flow": "dressed", "data-theme": "dark", "data-title": "Ours" }]));
  // It was open in this tab.
  await expect(header).toContainText("Ours");
  expect(await look(panel(host), "background-color")).not.toBe("rgb(255, 255, 255)");
});

test("two widgets on one page keep to themselves", async ({ page }) => {
  const faq = { "data-flow": "faq", "data-mode": "inline", "data-target": "#place", "data-id": "help" };
  const unchanged = await visit(page, "plain.html", [{}, faq]);
  const help = page.locator("[data-parley=help]");
  await expect(logOf(help).getByRole("button").first()).toBeEnabled();
  const said = await logOf(help).textContent();
  const bot = page.locator("[data-parley=bot-assistant]");
  await openChat(bot);
  await talk(bot);
  await looksAsOnAPlainPage(page);
  expect(await logOf(help).textContent()).toBe(said);
  await page.evaluate(() => window.Parley.get("help").destroy());
  await expect(help).toHaveCount(0);
  await expect(logOf(bot)).toContainText("Great, thanks!");
  await unchanged();
});

test("an application of one page: the conversation stays, and an element of a view gets its widget", async ({
  page,
}) => {
  const tags = [{}, { "data-flow": "faq", "data-mode": "inline", "data-target": "#place" }];
  const unchanged = await visit(page, "spa.html", tags);
  const bot = page.locator("[data-parley=bot-assistant]");
  const faq = page.locator("[data-parley=faq]");
  await openChat(bot);
  await expect(logOf(bot).getByRole("button", { name: "Other" })).toBeVisible();
  await expect(faq).toHaveCount(0);
  // The view's own links are below the pane: they are followed by their keys.
  const go = (name: string) => page.getByRole("link", { name }).press("Enter");
  await go("Help");
  await expect(logOf(faq).getByRole("button").first()).toBeEnabled();
  await expect(logOf(bot)).toBeVisible();
  await go("Home");
  await expect(faq).toHaveCount(0);
  await unchanged();
  await talk(bot);
  await page.goBack();
  await expect(logOf(faq).getByRole("button").first()).toBeEnabled();
  await expect(logOf(bot)).toContainText("Great, thanks!");
  await looksAsOnAPlainPage(page);
  // Once each, however often the views changed.
  await expect(page.locator("parley-chat")).toHaveCount(2);
});

test("a site that is not allowed, and a flow that is not there: no widget, one line for the owner, and nothing breaks", async ({
  page,
}) => {
  const inline = { "data-mode": "inline", "data-target": "#place" };
  const tags = [{ "data-flow": "elsewhere", ...inline, "data-id": "two" }, { "data-flow": "nothing" }, {}];
  let sockets = 0;
  page.on("websocket", () => sockets++);
  const unchanged = await visit(page, "plain.html", [{ "data-flow": "elsewhere" }, ...tags]);
  // The last of them is allowed, and is there.
  await expect(page.getByRole("button", { name: "Open chat" })).toHaveCount(1);
  await expect(page.locator("parley-chat")).toHaveCount(1);
  expect(sockets).toBe(0);
  const said = complaints.splice(0).filter((line) => !/status of 40[34]/.test(line));
  const refused = `${site.url} may not show "elsewhere". Allow it in the studio: the flow's settings, Allowed sites.`;
  expect(said.sort()).toEqual([refused, refused, 'No flow "nothing" is published here.'].sort());
  await page.evaluate(() => {
    for (const name of ["elsewhere", "two", "nothing"]) {
      const widget = window.Parley.get(name);
      widget.open();
      widget.send("hello");
      widget.destroy();
    }
  });
  await openChat(page);
  await talk(page);
  await unchanged();
});

test("a sandboxed frame of the site's own origin", async ({ page }) => {
  const inner = site.page("plain.html", [{}]);
  const frame = `<iframe sandbox="allow-scripts allow-same-origin" src="${inner}" width="460" height="560"></iframe>`;
  await page.goto(`${site.url}/frames.html?frame=${encodeURIComponent(frame)}`);
  const place = page.frameLocator("iframe");
  await openChat(place);
  await talk(place);
  await looksAsOnAPlainPage(page, {}, { place, size: { width: 460, height: 560 } });
});

test("a sandboxed frame without an origin says that it is not allowed, and its socket is refused", async ({ page }) => {
  const inner = site.page("plain.html", [{}]);
  const frame = `<iframe sandbox="allow-scripts" src="${inner}" width="460" height="560"></iframe>`;
  let sockets = 0;
  page.on("websocket", () => sockets++);
  await page.goto(`${site.url}/frames.html?frame=${encodeURIComponent(frame)}`);
  const place = page.frameLocator("iframe");
  await place.getByRole("button", { name: "Open chat" }).click();
  await expect(panel(place)).toContainText("Not allowed on this site");
  expect(sockets).toBe(0);
  const refused = complaints.splice(0);
  expect(refused.filter((line) => !/status of 403|null may not show "bot-assistant"/.test(line))).toEqual([]);
  // What does not ask first is refused all the same.
  const answer = await place.locator("body").evaluate(
    (_body, url) =>
      new Promise((resolve) => {
        const socket = new WebSocket(url, "parley.v1");
        socket.onopen = () => resolve("open");
        socket.onerror = () => resolve("refused");
      }),
    `${origin.replace("http", "ws")}/chat/bot-assistant`,
  );
  expect(answer).toBe("refused");
  complaints.splice(0);
});

test("a sandboxed frame without an origin, for a flow that lists it, keeps its session as long as the page", async ({
  page,
}) => {
  const inner = site.page("plain.html", [{ "data-flow": "open" }]);
  const frame = `<iframe sandbox="allow-scripts" src="${inner}" width="460" height="560"></iframe>`;
  await page.goto(`${site.url}/frames.html?frame=${encodeURIComponent(frame)}`);
  const place = page.frameLocator("iframe");
  await openChat(place);
  await expect(logOf(place)).toContainText("A picture:");
  await place.getByPlaceholder("Say something").fill("hello");
  await place.getByPlaceholder("Say something").press("Enter");
  await expect(logOf(place)).toContainText("Thanks, hello");
  await place.locator("body").evaluate(() => window.dispatchEvent(new Event("pagehide")));
  await place.locator("body").evaluate(() => window.dispatchEvent(new Event("pageshow")));
  await expect(place.getByRole("status").first()).toHaveText("Online");
  await expect(logOf(place).getByText("Thanks, hello")).toHaveCount(1);
});

/** After a reload it is all read from the log. */
async function isReadOnce(page: Page): Promise<void> {
  await page.reload();
  await expect(logOf(page)).toContainText("Great, thanks!");
  await expect(logOf(page).locator(".bubble", { hasText: "Zig" })).toHaveCount(1);
}

test("a page on a slow network", async ({ page }) => {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", {
    ...{ offline: false, latency: 400, downloadThroughput: 20_000, uploadThroughput: 10_000 },
  });
  const unchanged = await visit(page, "plain.html", [{}]);
  await openChat(page);
  await talk(page);
  await looksAsOnAPlainPage(page);
  await unchanged();
  await isReadOnce(page);
});

test("a page on a broken network: parts that do not come at first come later", async ({ page }) => {
  let broken = true;
  await page.route("**/widget/**", (route) => (broken ? route.abort("connectionreset") : route.continue()));
  const unchanged = await visit(page, "plain.html", [{}]);
  // Without its appearance it is drawn all the same.
  await page.getByRole("button", { name: "Open chat" }).click();
  await expect(page.locator(".launcher")).not.toHaveAttribute("aria-busy");
  broken = false;
  await openChat(page);
  await talk(page);
  await looksAsOnAPlainPage(page);
  await unchanged();
  await isReadOnce(page);
  // What the browser itself says of the parts that did not come, and nothing else.
  complaints = complaints.filter((line) => !/^Failed to load resource: net::ERR_CONNECTION_RESET/.test(line));
});
