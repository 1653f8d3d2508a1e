import { expect, type Page, test } from "@playwright/test";
import { ATTACKS } from "./support/attacks.js";
import { logOf, openChat } from "./support/conversation.js";
import { FalseServer } from "./support/false-server.js";
import { type HostSite, startHostSite } from "./support/host-site.js";
import { type Server, startServer } from "./support/server.js";

let server: Server;
let site: HostSite;
test.beforeAll(async () => {
  server = await startServer({ env: { LIMITS: "off" } });
  site = await startHostSite(new URL(server.url).origin);
});
test.afterAll(async () => {
  await site.stop();
  await server.stop("SIGKILL");
});

type Seen = { complaints: string[]; ran: () => Promise<number>; asked: string[] };

/** A page that notes whatever runs, is asked for, or goes wrong. */
async function watch(page: Page): Promise<Seen> {
  const complaints: string[] = [];
  const asked: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.route(
    (url) => !["localhost", "127.0.0.1"].includes(url.hostname),
    (route) => {
      asked.push(`${route.request().resourceType()} ${route.request().url()}`);
      return route.fulfill({ status: 204 });
    },
  );
  await page.addInitScript(() => {
    Object.assign(window, { ran: 0 });
    for (const name of ["alert", "confirm", "prompt", "print", "open"]) {
      Object.assign(window, { [name]: () => (window as unknown as { ran: number }).ran++ });
    }
  });
  return { complaints, asked, ran: () => page.evaluate(() => (window as unknown as { ran: number }).ran) };
}

/** The elements and attributes in the log that a flow may not make; none is expected. */
const strangers = (page: Page): Promise<string[]> =>
  logOf(page).evaluate((log) => {
    const allowed: Record<string, string[]> = {
      a: ["href", "target", "rel"],
      img: ["src", "alt", "width", "height", "decoding", "referrerpolicy"],
    };
    const plain = "b i em strong u s code pre br p ul ol li blockquote".split(" ");
    return [...log.querySelectorAll(".bubble *, .choice *")]
      .filter((element) => !element.matches("span.hidden, .dots i"))
      .flatMap((element) => {
        const name = element.localName;
        if (!(name in allowed) && !plain.includes(name)) return [`<${name}>`];
        return element
          .getAttributeNames()
          .filter((one) => !(allowed[name] ?? []).includes(one))
          .map((one) => `<${name} ${one}>`);
      });
  });

test("texts that attack are drawn as what is allowed of them, wherever a flow or a visitor can put one", async ({
  page,
}) => {
  test.setTimeout(180_000);
  const { complaints, asked, ran } = await watch(page);
  const bot = await FalseServer.of(page);
  await page.goto(site.page("plain.html", [{}]));
  await openChat(page);
  await bot.begun;
  for (const [n, attack] of ATTACKS.entries()) {
    bot.message({ kind: "BotText", content: attack });
    const choices = [{ itemId: "a", content: attack }];
    bot.message({ kind: "ChoiceRequest", groupId: `g${n}`, question: attack, choices });
    bot.message({ kind: "ChoiceResponse", groupId: `g${n}`, itemId: "a", content: attack });
    bot.message({ kind: "StartChatSession", sessionId: `s${n}`, chatPrompt: attack, chatText: attack });
    bot.message({ kind: "UserText", sessionId: `s${n}`, content: attack });
    bot.message({ kind: "EndChatSession", sessionId: `s${n}` });
    if (n % 40 < 39 && n + 1 < ATTACKS.length) continue;
    bot.message({ kind: "BotText", content: `so far ${n}` });
    await expect(logOf(page)).toContainText(`so far ${n}`);
    expect(await strangers(page)).toEqual([]);
    // What is on the way to run has run by then.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
    expect(await ran()).toBe(0);
    bot.message({ kind: "ResetSession" });
    await expect(logOf(page)).not.toContainText(`so far ${n}`);
  }
  // Pictures of an https address are allowed; nothing else was asked for.
  expect(asked.filter((one) => !/^image https:/.test(one))).toEqual([]);
  expect(complaints).toEqual([]);
  expect(ATTACKS.length).toBeGreaterThan(200);
});

test("frames of a hostile server: unknown kinds are ignored, wrong shapes told, and the conversation goes on", async ({
  page,
}) => {
  const { complaints, ran } = await watch(page);
  const bot = await FalseServer.of(page, { greet: false });
  await page.goto(site.page("plain.html", [{}]));
  await page.evaluate(() => {
    Object.assign(window, { told: [] });
    document.addEventListener("parley:error", (event) =>
      (window as unknown as { told: string[] }).told.push((event as CustomEvent).detail.code),
    );
  });
  await openChat(page);
  await bot.begun;
  const token = `${"0".repeat(40)}.${"s".repeat(43)}`;
  const wrong = [
    "",
    "not json",
    "null",
    "[]",
    "7",
    '{"kind":7}',
    "{}",
    '{"kind":"Welcome"}',
    { kind: "Welcome", sid: 1, token, flow: { id: "x", version: 1 }, latest: 0 },
    { kind: "Welcome", sid: "0".repeat(40), token, flow: null, latest: 0 },
    { kind: "Welcome", sid: "0".repeat(40), token, flow: { id: "x" }, latest: -1 },
    { kind: "Message", seq: "1", id: "b.1", message: { kind: "BotText", content: "x" } },
    { kind: "Message", seq: 1, id: {}, message: { kind: "BotText", content: "x" } },
    { kind: "Message", seq: 1, id: "b.1", message: null },
    { kind: "Message", seq: 1, id: "b.1", message: { kind: "BotText", content: { toString: 1 } } },
    {
      kind: "Message",
      seq: 1,
      id: "b.1",
      message: { kind: "ChoiceRequest", groupId: "g", question: "?", choices: {} },
    },
    {
      kind: "Message",
      seq: 1,
      id: "b.1",
      message: { kind: "ChoiceRequest", groupId: "g", question: "?", choices: [null] },
    },
    { kind: "Ack" },
    { kind: "Nack", id: [] },
    { kind: "Refused", id: "x", code: "whatever" },
    { kind: "Turn" },
    `{"kind":"Message","seq":1e999,"id":"b.1","message":{"kind":"BotText","content":"x"}}`,
  ];
  const ignored = [
    { kind: "Reload", url: "https://evil.example" },
    { kind: "__proto__" },
    { kind: "constructor" },
    `{"kind":"Later","deep":${"[".repeat(5_000)}${"]".repeat(5_000)}}`,
    { kind: "Ack", id: "of nobody" },
    { kind: "Turn", of: "nothing", ended: false },
    { kind: "Pong", content: "x".repeat(100_000) },
  ];
  for (const frame of [...wrong, ...ignored]) bot.frame(frame);
  const told = () => page.evaluate(() => (window as unknown as { told: string[] }).told);
  await expect.poll(async () => (await told()).length).toBe(wrong.length);
  expect(new Set(await told())).toEqual(new Set(["bad-frame"]));
  expect(await page.evaluate(() => ({}) as Record<string, unknown>)).toEqual({});

  // An appearance that is an attack: nothing of it is used but what it may say.
  const appearance = {
    title: "<img src=x onerror=alert(1)>",
    color: "red;}*{display:none}",
    avatar: "javascript:alert(1)",
    position: "middle",
    theme: { toString: "dark" },
    strings: { send: "<b>Go</b>", __proto__: { open: "x" }, close: 7, constructor: "y" },
  };
  bot.frame({ kind: "Welcome", sid: "0".repeat(40), token, flow: { id: "x", version: 1, appearance }, latest: 0 });
  bot.message({ kind: "SomethingNew", content: "of a later version" });
  bot.message({ kind: "BotText", content: "still here" });
  await expect(logOf(page)).toContainText("still here");
  await expect(page.locator(".title")).toHaveText("<img src=x onerror=alert(1)>");
  await expect(page.getByRole("button", { name: "<b>Go</b>" })).toBeVisible();
  await expect(page.locator(".panel img")).toHaveCount(0);
  expect(await ran()).toBe(0);
  expect(complaints).toEqual([]);
});

test("messages to the window change nothing: the widget listens to none", async ({ page }) => {
  const { complaints, ran } = await watch(page);
  const bot = await FalseServer.of(page);
  await page.goto(site.page("plain.html", [{}]));
  await openChat(page);
  await bot.begun;
  bot.message({ kind: "BotText", content: "the only message" });
  await expect(logOf(page)).toContainText("the only message");
  const shown = await page.locator(".panel").innerHTML();
  const sent = bot.said.length;
  await page.evaluate(async () => {
    const attacks = [
      { kind: "Message", seq: 2, id: "x", message: { kind: "BotText", content: "forged" } },
      { type: "parley:open" },
      { isFromParley: true, command: "reset" },
      ["open"],
      JSON.stringify({ kind: "Welcome", token: "stolen" }),
      "parley:reset",
      7,
      null,
      new ArrayBuffer(8),
    ];
    for (const attack of attacks) {
      window.postMessage(attack, "*");
      document.querySelector("parley-chat")!.dispatchEvent(new MessageEvent("message", { data: attack }));
    }
    await new Promise((resolve) => {
      window.addEventListener("message", ({ data }) => data === "last" && resolve(undefined));
      window.postMessage("last", "*");
    });
  });
  expect(await page.locator(".panel").innerHTML()).toBe(shown);
  expect(bot.said).toHaveLength(sent);
  expect(await ran()).toBe(0);
  expect(complaints).toEqual([]);
});
