import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium, expect, type Page, test } from "@playwright/test";
import { logOf, openChat, talk } from "./support/conversation.js";
import { type HostSite, startHostSite, type Tag } from "./support/host-site.js";
import { type Issuer, newIssuer } from "./support/identity.js";
import { freshFolder, type Server, startServer } from "./support/server.js";

let server: Server;
let origin: string;
let site: HostSite;
let issuer: Issuer;
test.beforeAll(async () => {
  const dataDir = freshFolder();
  issuer = newIssuer(dataDir, "bot-assistant");
  const hello = join(dataDir, "..", "hello.json");
  writeFileSync(
    hello,
    JSON.stringify({
      a: { sendRequest: { kind: "StartChatSession", sessionId: "s", chatPrompt: "Say something" } },
      b: { matchResponse: { kind: "UserText", sessionId: "s" }, next: "c" },
      c: { sendRequest: { kind: "BotText", content: "Hi {{name|you}}, on the plan {{plan|none}}" } },
    }),
  );
  writeFileSync(join(dataDir, "..", "hello.settings.json"), JSON.stringify({ variables: ["name", "plan"] }));
  const flow = new URL("../flows/bot-assistant.json", import.meta.url).pathname;
  server = await startServer({ dataDir, args: [flow, hello], env: { LIMITS: "off" } });
  origin = new URL(server.url).origin;
  site = await startHostSite(origin);
});
test.afterAll(async () => {
  await site.stop();
  await server.stop("SIGKILL");
});

const log = logOf;
const begin = async (page: Page, tag: Tag = {}) => {
  await page.goto(site.page("plain.html", [tag]));
  await openChat(page);
  await expect(log(page).getByRole("button", { name: "Other" })).toBeVisible();
};
const choose = (page: Page, name: string) => log(page).getByRole("button", { name, exact: true }).click();
/** All that a page keeps of the widget. */
const kept = (page: Page): Promise<string[]> =>
  page.evaluate(() => [localStorage, sessionStorage].flatMap((storage) => Object.entries(storage).flat() as string[]));
const tokenOf = async (page: Page): Promise<string> => /"token":"([^"]+)"/.exec((await kept(page)).join())![1]!;
/** The session that a token leads to, asked from the page as a thief would. */
const sessionBy = (page: Page, token: string): Promise<{ sid: string; text: string }> =>
  page.evaluate(
    ([url, token]) =>
      new Promise((resolve) => {
        const socket = new WebSocket(url!, "parley.v1");
        let text = "";
        socket.onopen = () => socket.send(JSON.stringify({ kind: "Hello", token }));
        socket.onmessage = ({ data }) => {
          text += data;
          if (!String(data).includes('"Turn"')) return;
          resolve({ sid: /"sid":"(\w+)"/.exec(text)![1]!, text });
          socket.close();
        };
      }),
    [`${origin.replace("http", "ws")}/chat/bot-assistant`, token] as const,
  );

test("the session is kept by the site, is sent in a frame and in no address, and needs no cookie", async ({ page }) => {
  const addresses: string[] = [];
  page.on("request", (request) => addresses.push(request.url()));
  page.on("websocket", (socket) => addresses.push(socket.url()));
  await begin(page);
  await choose(page, "Go");
  await expect(log(page)).toContainText("Any other?");
  const token = await tokenOf(page);
  const { host } = new URL(site.url);
  expect(new URL(page.url()).host).toBe(host);
  await page.reload();
  await expect(log(page)).toContainText("Any other?");
  for (const address of addresses) {
    expect(address).not.toContain(token.split(".")[1]);
    expect(address).not.toContain(token.slice(0, 40));
  }
  expect(await page.context().cookies()).toEqual([]);
});

test("with all cookies of other sites blocked a conversation is kept and gone on with", async ({ page }) => {
  /** Whether the server's cookie goes along when a page asks it something. */
  const sendsCookie = async () => {
    const asked = page.waitForRequest(/probe/);
    await page.evaluate((url) => fetch(url, { mode: "no-cors", credentials: "include" }), `${origin}/widget.js?probe`);
    return /probe=1/.test((await (await asked).allHeaders()).cookie ?? "");
  };
  await page.goto(`${origin}/`);
  await page.evaluate(() => {
    // biome-ignore lint/suspicious/noDocumentCookie: the server has none of its own for visitors
    document.cookie = "probe=1; SameSite=None; Secure; Path=/";
  });
  expect(await sendsCookie()).toBe(true);
  // The browser of these tests gives no cookie to a site within another.
  await begin(page);
  expect(await sendsCookie()).toBe(false);
  await choose(page, "Go");
  await page.reload();
  await choose(page, "No");
  await expect(log(page)).toContainText("Great, thanks!");
});

test("with storage blocked the session lives as long as the page", async ({ page }) => {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.addInitScript(() => {
    for (const name of ["localStorage", "sessionStorage"]) {
      Object.defineProperty(window, name, {
        get() {
          throw new DOMException("The operation is insecure.", "SecurityError");
        },
      });
    }
  });
  await begin(page);
  await choose(page, "Go");
  await expect(log(page)).toContainText("Any other?");
  await page.evaluate(() => window.dispatchEvent(new Event("pagehide")));
  await page.evaluate(() => window.dispatchEvent(new Event("pageshow")));
  await expect(page.getByRole("status").first()).toHaveText("Online");
  await choose(page, "No");
  await expect(log(page)).toContainText("Great, thanks!");
  await page.reload();
  await openChat(page);
  await expect(log(page).getByRole("button", { name: "Other" })).toBeVisible();
  await expect(log(page)).not.toContainText("Any other?");
  expect(complaints).toEqual([]);
});

test("two tabs show one conversation, and another window none of it", async ({ page, browser }) => {
  await begin(page);
  const tab = await page.context().newPage();
  await tab.goto(site.page("plain.html", [{}]));
  await openChat(tab);
  await choose(tab, "Go");
  await expect(log(page)).toContainText("Any other?");
  await choose(page, "No");
  await expect(log(tab)).toContainText("Great, thanks!");
  await expect(log(tab).getByText("Any other?")).toHaveCount(1);
  const other = await browser.newPage();
  await begin(other);
  await expect(log(other)).not.toContainText("Any other?");
  await other.context().close();
});

test("a sign-out voids the token on the server and leaves nothing behind, in every tab", async ({ page }) => {
  await begin(page);
  await choose(page, "Go");
  await expect(log(page)).toContainText("Any other?");
  const tab = await page.context().newPage();
  await tab.goto(site.page("plain.html", [{}]));
  await openChat(tab);
  await expect(log(tab)).toContainText("Any other?");
  const token = await tokenOf(page);
  expect((await sessionBy(page, token)).sid).toBe(token.slice(0, 40));
  // Closed first: an open one begins a fresh conversation, which is then kept.
  for (const one of [page, tab]) await one.getByRole("button", { name: "Close chat" }).click();
  const voided = page.waitForEvent("websocket").then((socket) => socket.waitForEvent("close"));
  await page.evaluate(() => window.Parley.get().reset());
  await voided;
  expect(await kept(page)).toEqual([]);
  const after = await sessionBy(page, token);
  expect(after.sid).not.toBe(token.slice(0, 40));
  expect(after.text).not.toContain("Any other?");
  for (const one of [page, tab]) {
    await openChat(one);
    await expect(log(one).getByRole("button", { name: "Other" })).toBeVisible();
    await expect(log(one)).not.toContainText("Any other?");
  }
});

test("who signs in goes on with his own conversation on every device, and sees nobody else's", async ({
  page,
  browser,
}) => {
  const traced: string[] = [];
  await page.addInitScript(() =>
    document.addEventListener("parley:error", (event) => console.log(`error ${(event as CustomEvent).detail.code}`)),
  );
  page.on("console", (message) => traced.push(message.text()));
  const signedIn = async (where: Page, who: string) => {
    await where.addInitScript((jwt) => {
      (window as unknown as { Parley: unknown[] }).Parley = [["identify", jwt]];
    }, issuer.jwt(who));
    await where.goto(site.page("plain.html", [{ "data-debug": true }]));
    await openChat(where);
  };
  await begin(page);
  await choose(page, "Go");
  await expect(log(page)).toContainText("Any other?");
  const anonymous = await tokenOf(page);
  await page.evaluate((jwt) => window.Parley.get().identify(jwt), issuer.jwt("ada"));
  await expect.poll(() => tokenOf(page)).not.toBe(anonymous);
  // The same conversation, under a token that nobody had before.
  const adas = await tokenOf(page);
  expect(adas.slice(0, 40)).toBe(anonymous.slice(0, 40));
  expect((await sessionBy(page, anonymous)).sid).not.toBe(anonymous.slice(0, 40));
  await expect(log(page).getByText("Any other?")).toHaveCount(1);

  const phone = await browser.newPage();
  await signedIn(phone, "ada");
  await expect(log(phone)).toContainText("Any other?");
  await choose(phone, "No");
  await expect(log(page)).toContainText("Great, thanks!");
  const shown = (await phone.locator(".debug").textContent())!;
  expect(shown).toContain('"jwt":"…"');
  expect(shown).not.toMatch(/eyJ|"token":"[^…]/);
  await phone.context().close();

  // Another person in the same browser, and a page that cannot say who is there.
  const bob = await page.context().newPage();
  await signedIn(bob, "bob");
  await expect(log(bob).getByRole("button", { name: "Other" })).toBeVisible();
  expect(await log(bob).textContent()).not.toContain("Any other?");
  // The first tab has lost its token to him: what it showed is gone.
  await expect(log(page)).not.toContainText("Any other?");
  const nobody = await page.context().newPage();
  await nobody.addInitScript(() => {
    (window as unknown as { Parley: unknown[] }).Parley = [["identify", "eyJhbGciOiJub25lIn0.e30."]];
  });
  await nobody.goto(site.page("plain.html", [{}]));
  await nobody.evaluate(() =>
    document.addEventListener("parley:error", (event) =>
      Object.assign(window, { code: (event as CustomEvent).detail.code }),
    ),
  );
  await openChat(nobody);
  await expect(log(nobody).getByRole("button", { name: "Other" })).toBeVisible();
  expect(await nobody.evaluate(() => (window as unknown as { code: string }).code)).toBe("not-identified");
  expect(traced.filter((line) => /eyJ|[0-9a-f]{40}\./.test(line))).toEqual([]);
});

test("commands from before the loader, methods and events", async ({ page }) => {
  await page.addInitScript(() => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    (window as unknown as { Parley: unknown[] }).Parley = [
      [
        "on",
        "answer",
        (detail: { message: { content?: string } }) => heard.push(`on answer ${detail.message.content}`),
      ],
      ["bot-assistant.open"],
    ];
    for (const type of ["ready", "open", "close", "message", "answer", "end", "error"]) {
      document.addEventListener(`parley:${type}`, (event) =>
        heard.push(`${type} ${(event as CustomEvent).detail.widget}`),
      );
    }
  });
  const heard = () => page.evaluate(() => (window as unknown as { heard: string[] }).heard);
  await page.goto(site.page("plain.html", [{}]));
  await expect(log(page).getByRole("button", { name: "Other" })).toBeVisible();
  // By its words, by its id, and as a text.
  await page.evaluate(() => window.Parley.get().send("Other"));
  await expect(page.getByPlaceholder("Type your preferred language here...")).toBeEnabled();
  await page.evaluate(() => window.Parley.push(["send", "Zig"]));
  await expect(log(page)).toContainText("Any other?");
  await page.evaluate(() => window.Parley.get("bot-assistant").send("no"));
  await expect(log(page)).toContainText("Great, thanks!");
  await page.evaluate(() => window.Parley.get().send("to nobody"));
  await page.evaluate(() => window.Parley.get().close());
  await expect.poll(heard).toContain("close bot-assistant");
  const all = await heard();
  expect(all.filter((one) => one.startsWith("on "))).toEqual(["on answer Other", "on answer Zig", "on answer No"]);
  const kinds = all.filter((one) => !one.startsWith("on ")).map((one) => one.split(" ")[0]);
  expect(kinds.filter((kind) => kind === "answer")).toHaveLength(3);
  expect(kinds.filter((kind) => kind === "message")).toHaveLength(6);
  expect(kinds).toEqual(expect.arrayContaining(["ready", "open", "end", "error"]));
  await page.evaluate(() => window.Parley.get().destroy());
  await expect(page.locator("parley-chat")).toHaveCount(0);
});

test("what the page sets before there is a conversation is said in it, and a name that is not declared is told", async ({
  page,
}) => {
  await page.addInitScript(() => {
    const codes: string[] = [];
    Object.assign(window, { codes });
    (window as unknown as { Parley: unknown[] }).Parley = [["setVariables", { name: "<b>Ada" }]];
    document.addEventListener("parley:error", (event) => codes.push((event as CustomEvent).detail.code));
  });
  await page.goto(site.page("plain.html", [{ "data-flow": "hello" }]));
  const launcher = page.getByRole("button", { name: "Open chat" });
  await expect(launcher).toBeVisible();
  await page.evaluate(() => window.Parley.get().setVariables({ plan: "free" }));
  await openChat(page);
  await page.getByPlaceholder("Say something").fill("hello");
  await page.getByPlaceholder("Say something").press("Enter");
  await expect(log(page)).toContainText("Hi <b>Ada, on the plan free");
  await page.evaluate(() => window.Parley.get().setVariables({ rank: "first" }));
  await expect
    .poll(() => page.evaluate(() => (window as unknown as { codes: string[] }).codes))
    .toEqual(["not-declared"]);
});

test("a page that comes back from the back/forward cache goes on", async () => {
  // The cache is off in a browser that is driven, unless it is asked for; and what comes out of it is driven by hand.
  const { launchOptions } = test.info().project.use;
  const browser = await chromium.launch({
    ...launchOptions,
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
  });
  const page = await browser.newPage({ reducedMotion: "reduce" });
  await begin(page);
  await choose(page, "Go");
  await expect(log(page)).toContainText("Any other?");
  const session = await page.context().newCDPSession(page);
  await session.send("Page.enable");
  const restored = new Promise<string>((resolve) => {
    session.on("Page.frameNavigated", ({ type, frame }) => frame.url.includes("plain.html") && resolve(type));
  });
  await page.goto(site.page("quirks.html", []));
  const { entries, currentIndex } = await session.send("Page.getNavigationHistory");
  await session.send("Page.navigateToHistoryEntry", { entryId: entries[currentIndex - 1]!.id });
  expect(await restored).toBe("BackForwardCacheRestore");
  const inside = async (expression: string): Promise<unknown> => {
    const root = "const root = document.querySelector('parley-chat').shadowRoot;";
    const { result } = await session.send("Runtime.evaluate", { expression: `{${root} ${expression}}` });
    return result.value;
  };
  await expect.poll(() => inside("root.querySelector('.dot').dataset.status")).toBe("connected");
  await inside("[...root.querySelectorAll('.choice')].find((choice) => choice.textContent === 'No').click()");
  await expect.poll(() => inside("root.querySelector('[role=log]').textContent")).toContain("Great, thanks!");
  await browser.close();
});

test("the whole conversation in each mode", async ({ browser }) => {
  for (const mode of ["bubble", "popup", "inline", "fullpage"]) {
    const page = await browser.newPage({ reducedMotion: "reduce" });
    await page.goto(site.page("plain.html", [{ "data-mode": mode, "data-target": "#place" }]));
    if (mode === "inline") await page.locator("#place").scrollIntoViewIfNeeded();
    else if (mode !== "fullpage") await openChat(page);
    await talk(page);
    await page.context().close();
  }
});
