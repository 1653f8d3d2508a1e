import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "./support/studio.js";

test("a message is edited, saved, undone, and found again after a reload", async ({ page }) => {
  await page.getByRole("link", { name: /Bot assistant/ }).click();
  const card = page.getByText("Hi, I'm Bot! Nice to meet you.").first();
  await expect(card).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([]);

  await card.click();
  const message = page.getByRole("textbox", { name: "Text", exact: true });
  const saved = page.waitForResponse(
    (answer) => answer.url().endsWith("/draft") && answer.request().method() === "PUT",
  );
  await message.fill("Hello, I am the bot.");
  expect((await saved).status()).toBe(200);
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByText("Hello, I am the bot.").first()).toBeVisible();

  await page.getByText("Hello, I am the bot.").first().click();
  await page.getByRole("textbox", { name: "Text", exact: true }).fill("");
  await expect(page.getByRole("button", { name: /hint|problem/i }).first()).toBeVisible();
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(page.getByRole("textbox", { name: "Text", exact: true })).toHaveValue("Hello, I am the bot.");
});

test("the printed link signs in once", async ({ server, page, browser }) => {
  const link = /Studio\s+(\S+)/.exec(server.output())?.[1] ?? "";
  await page.goto(link);
  await expect(page.getByRole("link", { name: /Bot assistant/ })).toBeVisible();
  const stranger = await browser.newPage();
  await stranger.goto(link);
  await expect(stranger.getByText("npx parley login")).toBeVisible();
  await expect(stranger.getByRole("link", { name: /Bot assistant/ })).toHaveCount(0);
  await stranger.close();
});
