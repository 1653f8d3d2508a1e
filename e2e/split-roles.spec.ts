import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { logOf, talk } from "./support/conversation.js";
import { command } from "./support/screens.js";
import { freshFolder } from "./support/server.js";
import { type SplitRoles, startSplitRoles } from "./support/split-roles.js";
import { listen } from "./support/studio.js";

/** A red picture of 8 × 6 pixels. */
const RED =
  "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAGCAYAAAD+Bd/7AAAAM0lEQVR4AayNwQkAAAgCo0Hao+3arj2aJAj8SNAnQUQ4UeXQAGkWbOwGQNnyCfCqYOOuAQAA//80GJ6RAAAABklEQVQDAF43FA3si0sCAAAAAElFTkSuQmCC";

let parts: SplitRoles;
test.beforeAll(async () => {
  const flow = join(dirname(freshFolder()), "bot-assistant.json");
  writeFileSync(flow, readFileSync(new URL("../flows/bot-assistant.json", import.meta.url)));
  parts = await startSplitRoles(flow);
});
test.afterAll(async () => {
  await parts.stop();
});

/** How many sockets of visitors a proxy holds. */
async function sockets(page: Page, proxy: { readonly port: number }): Promise<number> {
  const metrics = await (await page.request.get(`http://127.0.0.1:${proxy.port}/metrics`)).text();
  return Number(/^parley_sockets\{protocol="v1"\} (\d+)/m.exec(metrics)?.[1] ?? 0);
}

test("published in a studio of its own, talked to by any proxy, gone on with at another when one is killed, and read", async ({
  browser,
}) => {
  const complaints: string[] = [];
  const open = async () => {
    const page = await (await browser.newContext({ viewport: { width: 1800, height: 900 } })).newPage();
    listen(page, complaints);
    return page;
  };
  const studio = await open();
  await studio.goto(parts.login);
  await studio.waitForURL(/\/studio\/?$/);
  const origin = new URL(studio.url()).origin;
  const upload = await studio.request.post(`${origin}/api/flows/bot-assistant/pictures`, {
    headers: { Origin: origin },
    data: { data: RED },
  });
  const { name } = (await upload.json()) as { name: string };
  await studio.goto(`${origin}/studio/f/bot-assistant`);
  await expect(studio.getByRole("application", { name: /as a drawing/ })).toBeVisible();
  await command(studio, "Great, thanks!");
  const text = studio.getByRole("textbox", { name: "Text", exact: true });
  await text.fill(`Great, thanks! <img src="/assets/${name}" alt="A red square">`);
  await command(studio, "Publish…");
  const dialog = studio.getByRole("dialog");
  await dialog.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(dialog.getByText("Version 2 is live")).toBeVisible();

  // The whole of the reference conversation, and the picture, which the studio alone had.
  const visitor = await open();
  await visitor.goto(`${parts.url}c/bot-assistant`);
  await talk(visitor);
  const picture = logOf(visitor).getByRole("img", { name: "A red square" });
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(8);

  // A second visitor is half-way when his proxy is killed.
  const before = await Promise.all(parts.proxies.map((proxy) => sockets(studio, proxy)));
  const second = await open();
  await second.goto(`${parts.url}c/bot-assistant`);
  await logOf(second).getByRole("button", { name: "Go", exact: true }).click();
  await expect(logOf(second)).toContainText("Any other?");
  const after = await Promise.all(parts.proxies.map((proxy) => sockets(studio, proxy)));
  const his = parts.proxies.find((_proxy, i) => after[i]! > before[i]!)!;
  // From here on the browser says that a connection was lost.
  const fine = [...complaints];
  await his.stop("SIGKILL");
  await logOf(second).getByRole("button", { name: "No", exact: true }).click();
  await expect(logOf(second)).toContainText("Great, thanks!");
  await expect(logOf(second).getByText("Any other?")).toHaveCount(1);
  expect(fine).toEqual([]);

  // The studio's lists have both.
  const conversations = async () => (await studio.request.get(`${origin}/api/conversations`)).json();
  await expect.poll(async () => (await conversations()).conversations.length).toBe(2);
});
