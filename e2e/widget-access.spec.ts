import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { logOf, openChat } from "./support/conversation.js";
import { FalseServer } from "./support/false-server.js";
import { type HostSite, startHostSite, type Tag } from "./support/host-site.js";
import { announced, listenToLog, liveRegionOf } from "./support/screen-reader.js";
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

const ask = (groupId: string) => ({
  kind: "ChoiceRequest",
  groupId,
  question: "<p>Which <b>one</b>?</p><ul><li>a <a href='https://x.example'>link</a></li></ul>",
  choices: ["one", "two", "three"].map((itemId) => ({ itemId, content: `<i>${itemId}</i>` })),
});

/** axe on the page as it is; no state of a widget has anything. */
async function clean(page: Page, state: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${state}: ${id} ${nodes[0]?.target}`)).toEqual([]);
}

const LOOKS: readonly [string, Tag, "light" | "dark"][] = [
  ["a bubble", {}, "light"],
  ["a bubble in the dark, in a light colour", { "data-color": "#ffd54a" }, "dark"],
  ["a dialog", { "data-mode": "popup", "data-theme": "dark" }, "light"],
  ["in an element of the page", { "data-mode": "inline", "data-target": "#place", "data-locale": "de" }, "dark"],
  ["the whole page, from the right", { "data-mode": "fullpage", "data-locale": "ar" }, "light"],
];
for (const [name, tag, colorScheme] of LOOKS) {
  test(`axe finds nothing in any state: ${name}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const floating = !["inline", "fullpage"].includes(String(tag["data-mode"]));
    const bot = await FalseServer.of(page, { greet: false });
    await page.goto(site.page("plain.html", [{ ...tag, "data-debug": true }]));
    if (floating) {
      await expect(page.locator(".hello")).toBeVisible();
      await clean(page, "closed, with its greeting");
      await page.getByRole("button", { name: "Open chat" }).click();
    } else await page.locator("#place").scrollIntoViewIfNeeded();
    await bot.begun;
    await clean(page, "connecting");
    bot.welcome();
    await expect(page.locator(".dot[data-status=connected]")).toBeAttached();
    await clean(page, "nothing said yet");
    bot.message({
      kind: "BotText",
      content: "A text with <code>code</code> and a <a href='https://x.example'>link</a>",
    });
    bot.message(ask("first"));
    await expect(logOf(page).getByRole("button", { name: "two" })).toBeEnabled();
    await clean(page, "a question is open");
    await logOf(page).getByRole("button", { name: "two" }).click();
    await clean(page, "an answer is on its way");
    const sent = bot.said.findLast(({ kind }) => kind === "Send")!;
    bot.frame({ kind: "Nack", id: sent.id, code: "too-many" });
    await expect(logOf(page).locator(".meta.failed")).toBeVisible();
    await clean(page, "an answer has failed");
    bot.message({ kind: "StartChatSession", sessionId: "s", chatPrompt: "Say something" });
    const editor = page.getByPlaceholder("Say something");
    await editor.fill("x".repeat(5_000));
    await editor.press("Enter");
    await expect(page.getByRole("alert")).not.toBeEmpty();
    await clean(page, "a text is too long");
    await editor.fill("short");
    await editor.press("Enter");
    bot.frame({ kind: "Refused", id: bot.said.findLast(({ kind }) => kind === "Send")!.id, code: "stale" });
    await expect(logOf(page).locator(".meta.failed").last()).toBeVisible();
    await clean(page, "a text was refused");
    // A question that another answer has closed is inert, and says so.
    bot.message(ask("second"));
    bot.message({ kind: "ChoiceResponse", groupId: "other", itemId: "x", content: "x" });
    await expect(logOf(page).locator("[aria-disabled=true]").first()).toBeAttached();
    await clean(page, "questions that are closed");
    bot.message({ kind: "EndChatSession", sessionId: "s" });
    bot.frame({ kind: "Turn", of: "x", ended: true });
    await expect(page.locator(".over button")).toBeVisible();
    await clean(page, "the conversation has ended");
  });
}

test("axe finds nothing while the server is away", async ({ page }) => {
  await page.goto(site.page("plain.html", [{}]));
  await page.routeWebSocket(/\/chat\//, (socket) => socket.close({ code: 1013, reason: "retry-after=60000" }));
  await openChat(page);
  await expect(page.getByRole("status").first()).toHaveText("Offline. Trying again…");
  await clean(page, "offline");
});

test("the whole conversation by keyboard: a screen reader is told each message once, and the focus is never lost", async ({
  page,
}) => {
  await page.goto(site.page("plain.html", [{}]));
  // From the page into the widget and on by Tab alone.
  const focused = () =>
    page.evaluate(
      () =>
        document.activeElement?.shadowRoot?.activeElement?.getAttribute("aria-label") ??
        document.activeElement?.tagName,
    );
  for (let n = 0; n < 10 && (await focused()) !== "Open chat"; n++) await page.keyboard.press("Tab");
  expect(await focused()).toBe("Open chat");
  await page.keyboard.press("Enter");
  await expect(logOf(page)).toBeVisible();
  await listenToLog(page);
  await expect(logOf(page).getByRole("button", { name: "Other" })).toBeVisible();
  const region = await liveRegionOf(page);
  expect(region).toMatchObject({ live: "polite", atomic: false });
  expect(String(region.relevant)).toContain("additions");
  const press = async (name: string) => {
    const button = logOf(page).getByRole("button", { name, exact: true });
    await expect(button).toBeVisible();
    for (let n = 0; n < 12 && !(await button.evaluate((element) => element.matches(":focus"))); n++) {
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Enter");
  };
  await press("Other");
  // The focus goes on to where the conversation goes on.
  await expect(page.getByPlaceholder("Type your preferred language here...")).toBeFocused();
  await page.keyboard.type("Zig");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("and C");
  await page.keyboard.press("Enter");
  await press("No");
  await expect(logOf(page)).toContainText("Great, thanks!");
  // Its button has gone: the focus is in the log, from where Tab goes on.
  await expect(logOf(page)).toBeFocused();

  const said = [
    "Bot: Hi, I'm Bot! Nice to meet you.",
    "Bot: What programming language do you use in your hobby projects? Rust Go Other",
    "You: Other",
    "You: Zig and C",
    "Bot: Any other? Yes No",
    "You: No",
    "Bot: Great, thanks!",
  ];
  const told = (await announced(page)).map((text) => text.replace(/\s+/g, " "));
  for (const message of said) {
    expect(
      told.filter((text) => text.includes(message.split("?")[0]!)).length,
      `${message} in ${JSON.stringify(told)}`,
    ).toBe(1);
  }
  const { text } = await liveRegionOf(page);
  for (const message of ["Nice to meet you.", "Other", "Zig", "Any other?", "Great, thanks!"]) {
    expect(text.split(message).length - 1, `${message} in ${text}`).toBe(1);
  }
  // Escape closes it, and the focus is back where it was.
  await page.keyboard.press("Escape");
  await expect(logOf(page)).toBeHidden();
  expect(await focused()).toBe("Open chat");
});

test("a dialog holds the focus, and the page behind it is out of reach", async ({ page }) => {
  await page.goto(site.page("plain.html", [{ "data-mode": "popup" }]));
  await openChat(page);
  await expect(logOf(page).getByRole("button", { name: "Other" })).toBeVisible();
  for (let n = 0; n < 12; n++) {
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.localName)).toMatch(/^(parley-chat|body)$/);
  }
  await page.keyboard.press("Escape");
  await expect(logOf(page)).toBeHidden();
  await openChat(page);
  await page.mouse.click(10, 10);
  await expect(logOf(page)).toBeHidden();
});

test("a button of the page opens it, and gets the focus back", async ({ page }) => {
  await page.goto(site.page("plain.html", [{ "data-launcher": "none" }]));
  const button = page.getByRole("button", { name: "button" });
  await page.evaluate(() =>
    document.querySelector("button")!.addEventListener("click", () => window.Parley.get().toggle()),
  );
  await button.focus();
  await page.keyboard.press("Enter");
  await expect(logOf(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(button).toBeFocused();
});

for (const mode of ["bubble", "popup", "inline", "fullpage"]) {
  test(`a phone whose keyboard comes up: the editor stays in view (${mode})`, async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    const bot = await FalseServer.of(page);
    await page.goto(site.page("plain.html", [{ "data-mode": mode, "data-target": "#place" }]));
    if (mode === "inline") await page.locator("#place").scrollIntoViewIfNeeded();
    else if (mode !== "fullpage") await openChat(page);
    await bot.begun;
    for (let n = 0; n < 12; n++) bot.message({ kind: "BotText", content: `Message ${n}` });
    bot.message({ kind: "StartChatSession", sessionId: "s", chatPrompt: "Say something" });
    const editor = page.getByPlaceholder("Say something");
    await editor.focus();
    await page.setViewportSize({ width: 390, height: 450 });
    const inside = async () => {
      const { y, height, x, width } = (await editor.boundingBox())!;
      return y >= 0 && y + height <= 450 && x >= 0 && x + width <= 390;
    };
    await expect.poll(inside).toBe(true);
    await expect(logOf(page)).toBeVisible();
    expect(
      await editor.evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize)),
    ).toBeGreaterThanOrEqual(16);
    await page.setViewportSize({ width: 390, height: 844 });
    await expect(editor).toBeFocused();
  });
}

test("at 320 px and twice the size nothing is cut off, and targets are 44 px", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 256 });
  await page.goto(site.page("plain.html", [{}]));
  await openChat(page);
  await expect(logOf(page).getByRole("button", { name: "Other" })).toBeVisible();
  for (const button of await page.locator("parley-chat").getByRole("button").all()) {
    if (!(await button.isVisible())) continue;
    const { x, width, height } = (await button.boundingBox())!;
    expect(Math.min(width, height), (await button.getAttribute("aria-label")) ?? "").toBeGreaterThanOrEqual(44);
    expect(x >= 0 && x + width <= 320).toBe(true);
  }
});
