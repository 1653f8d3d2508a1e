import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { type Server, startServer } from "./support/server.js";

// Wide enough for the panel in which texts are edited.
test.use({ viewport: { width: 1440, height: 900 } });

let server: Server;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(async () => {
  await server.stop("SIGKILL");
});

/** Console errors of a page, violations of its policy included: none is expected. */
function errorsOf(page: Page): string[] {
  const errors: string[] = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  return errors;
}

test("the printed link signs in once; a message is edited, saved, undone, and found again after a reload", async ({
  page,
  browser,
}) => {
  const errors = errorsOf(page);
  const link = /Studio\s+(\S+)/.exec(server.output())?.[1] ?? "";
  await page.goto(link);
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
  expect(errors).toEqual([]);

  // Its secret was spent.
  const stranger = await browser.newPage();
  await stranger.goto(link);
  await expect(stranger.getByRole("link", { name: /Bot assistant/ })).toHaveCount(0);
  await expect(stranger.getByText("npx parley login")).toBeVisible();
  await stranger.close();
});
