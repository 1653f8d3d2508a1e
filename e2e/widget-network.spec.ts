import { expect, type Page, test } from "@playwright/test";
import { logOf, openChat, talk } from "./support/conversation.js";
import { FrameProxy } from "./support/frame-proxy.js";
import { type HostSite, startHostSite } from "./support/host-site.js";
import { recordsOf } from "./support/log-records.js";
import { type Server, startServer } from "./support/server.js";

let server: Server;
let line: FrameProxy;
let site: HostSite;
test.beforeEach(async () => {
  server = await startServer({ env: { LIMITS: "off" } });
  line = await FrameProxy.before(server.url);
  site = await startHostSite(line.origin);
});
test.afterEach(async () => {
  await site.stop();
  await line.close();
  await server.stop("SIGKILL");
});

/** What the visitors said, in the order of the log: each as often as it is recorded. */
const answersOf = (sids: readonly string[]): string[] =>
  recordsOf(server.dataDir)
    .filter(({ sid, payload }) => sids.includes(sid) && payload?.kind === "Response")
    .map(({ payload }) => String(payload!.message.content));

/** The session that a page keeps. */
const sidOf = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const key = Object.keys(localStorage).find((name) => name.startsWith("parley:"))!;
    return (JSON.parse(localStorage.getItem(key)!).token as string).slice(0, 40);
  });

test("cut at every frame of the reference conversation, in both directions", async ({ browser }) => {
  test.setTimeout(180_000);
  const begin = async () => {
    const context = await browser.newContext({ reducedMotion: "reduce" });
    const page = await context.newPage();
    await page.goto(site.page("plain.html", [{}]));
    Object.assign(line.passed, { up: 0, down: 0 });
    await openChat(page);
    return page;
  };
  const whole = await begin();
  await talk(whole);
  const frames = { ...line.passed };
  await whole.context().close();
  // Hello and three answers; what the bot said, and what became of the answers.
  expect(frames.up).toBe(4);
  expect(frames.down).toBeGreaterThanOrEqual(16);
  for (const direction of ["up", "down"] as const) {
    for (let frame = 1; frame <= frames[direction]; frame++) {
      let struck = false;
      line.onFault = () => {
        struck = true;
      };
      line.fault = { direction, frame, kind: "cut" };
      const page = await begin();
      await talk(page);
      // A last frame that only says what is known already may be cut after all is shown.
      await expect.poll(() => struck, { message: `${direction} ${frame}` }).toBe(true);
      await expect(page.getByRole("status").first()).toHaveText("Online");
      expect(answersOf([await sidOf(page)]), `${direction} ${frame}`).toEqual(["Other", "Zig", "No"]);
      await page.context().close();
    }
  }
});

test("a line that goes silent for a minute, and a visitor who comes back by another address", async ({ page }) => {
  await page.clock.install();
  await page.goto(site.page("plain.html", [{}]));
  await openChat(page);
  await expect(logOf(page).getByRole("button", { name: "Other" })).toBeVisible();
  const silent = new Promise<void>((resolve) => {
    line.onFault = resolve;
  });
  line.fault = { direction: "up", frame: line.passed.up + 1, kind: "silence" };
  await logOf(page).getByRole("button", { name: "Other" }).click();
  await silent;
  await expect(logOf(page)).toContainText("Other");
  // Meanwhile the visitor's network has given him another address.
  line.from = "127.0.0.7";
  await page.clock.runFor("01:00");
  await expect(page.getByPlaceholder("Type your preferred language here...")).toBeEnabled();
  await page.getByPlaceholder("Type your preferred language here...").fill("Zig");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await logOf(page).getByRole("button", { name: "No", exact: true }).click();
  await expect(logOf(page)).toContainText("Great, thanks!");
  expect(answersOf([await sidOf(page)])).toEqual(["Other", "Zig", "No"]);
});

test("a server that is restarted under a conversation, and answers given while it is away", async ({ page }) => {
  const port = new URL(server.url).port;
  await page.goto(site.page("plain.html", [{}]));
  await openChat(page);
  await expect(logOf(page).getByRole("button", { name: "Other" })).toBeVisible();
  await server.stop("SIGTERM");
  await logOf(page).getByRole("button", { name: "Other" }).click();
  await expect(page.getByRole("status").first()).toHaveText("Offline. Trying again…");
  await expect(logOf(page)).toContainText("Sending…");
  server = await startServer({ port, dataDir: server.dataDir, env: { LIMITS: "off" } });
  await expect(page.getByPlaceholder("Type your preferred language here...")).toBeEnabled();
  await page.getByPlaceholder("Type your preferred language here...").fill("Zig");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await logOf(page).getByRole("button", { name: "No", exact: true }).click();
  await expect(logOf(page)).toContainText("Great, thanks!");
  expect(answersOf([await sidOf(page)])).toEqual(["Other", "Zig", "No"]);
});
