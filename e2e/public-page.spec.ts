import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { logOf, talk } from "./support/conversation.js";
import { type HostSite, startHostSite } from "./support/host-site.js";
import { auditControls } from "./support/page-audit.js";
import { freshFolder, type Server, startServer } from "./support/server.js";

let server: Server;
/** The two sites are not the server's own; the flow names the first. */
let friend: HostSite;
let stranger: HostSite;
test.beforeAll(async () => {
  const dataDir = freshFolder();
  friend = await startHostSite("http://unused.example");
  stranger = await startHostSite("http://unused.example");
  const flow = join(dirname(dataDir), "bot.json");
  writeFileSync(flow, readFileSync(new URL("../flows/bot-assistant.json", import.meta.url)));
  const settings = { title: "Bot & friends", origins: [friend.url], appearance: { color: "#7a1f5c", locale: "en" } };
  writeFileSync(flow.replace(".json", ".settings.json"), JSON.stringify(settings));
  server = await startServer({ dataDir, args: [flow], env: { LIMITS: "off" } });
});
test.afterAll(async () => {
  await friend.stop();
  await stranger.stop();
  await server.stop("SIGKILL");
});

test("a flow's public page holds its conversation on a phone, and in frames of the sites that may embed it", async ({
  browser,
}) => {
  const context = await browser.newContext({
    ...{ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    ...{ reducedMotion: "reduce", colorScheme: "dark" },
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  const address = `${server.url}c/bot`;
  await page.goto(address);
  await expect(page).toHaveTitle("Bot & friends");
  await expect(page.getByRole("region", { name: "Bot & friends" })).toBeVisible();
  await talk(page);
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([]);
  expect(await auditControls(page, 44)).toEqual([]);
  // A reload goes on where it was.
  await page.reload();
  await expect(logOf(page)).toContainText("Great, thanks!");

  const frame = `<iframe src="${address}" title="Bot" width="360" height="600"></iframe>`;
  await page.goto(`${friend.url}/frames.html?frame=${encodeURIComponent(frame)}`);
  await talk(page.frameLocator("iframe"));
  expect(complaints).toEqual([]);

  const refused = page.waitForEvent("console", (message) => message.text().includes("frame-ancestors"));
  await page.goto(`${stranger.url}/frames.html?frame=${encodeURIComponent(frame)}`);
  await refused;
  await expect(page.locator("iframe")).toBeVisible();
  await expect(logOf(page.frameLocator("iframe"))).toHaveCount(0);
  await context.close();
});
