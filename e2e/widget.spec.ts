import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { type Server, startServer } from "./support/server.js";

let server: Server;
test.beforeAll(async () => {
  server = await startServer({ env: { LIMITS: "off" } });
});
test.afterAll(async () => {
  await server.stop("SIGKILL");
});

/** Console errors of a page: none is expected. */
function errorsOf(page: Page): string[] {
  const errors: string[] = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  return errors;
}

const log = (page: Page) => page.getByRole("log");

/** Opens the chat, or finds it open as the visitor left it. */
async function openChat(page: Page): Promise<void> {
  const button = page.getByRole("button", { name: "Open chat" });
  await expect(button.or(log(page))).toBeVisible();
  if (await button.isVisible()) await button.click();
}

test("the reference conversation by mouse, again after a reload", async ({ page }) => {
  const errors = errorsOf(page);
  await page.goto(server.url);
  await openChat(page);
  await expect(log(page)).toContainText("Hi, I'm Bot! Nice to meet you.");
  await log(page).getByRole("button", { name: "Other" }).click();
  const editor = page.getByPlaceholder("Type your preferred language here...");
  await editor.fill("Zig");
  await page.getByRole("button", { name: "Send" }).click();
  await log(page).getByRole("button", { name: "No", exact: true }).click();
  await expect(log(page)).toContainText("Great, thanks!");
  const said = (await log(page).textContent()) ?? "";
  expect(said.indexOf("Zig")).toBeLessThan(said.indexOf("Any other?"));
  await page.reload();
  await openChat(page);
  await expect(log(page)).toContainText("Great, thanks!");
  await expect(log(page)).toContainText("Zig");
  expect(errors).toEqual([]);
});

test("the reference conversation by keyboard", async ({ page }) => {
  await page.goto(server.url);
  await page.getByRole("button", { name: "Open chat" }).focus();
  await page.keyboard.press("Enter");
  const other = log(page).getByRole("button", { name: "Other" });
  await expect(other).toBeVisible();
  await other.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByPlaceholder("Type your preferred language here...")).toBeEnabled();
  await page.getByPlaceholder("Type your preferred language here...").focus();
  await page.keyboard.type("Zig");
  await page.keyboard.press("Enter");
  const no = log(page).getByRole("button", { name: "No", exact: true });
  await expect(no).toBeVisible();
  await no.focus();
  await page.keyboard.press("Space");
  await expect(log(page)).toContainText("Great, thanks!");
});

test("[P1] goes on after the server was killed and started again", async ({ page }) => {
  let own = await startServer();
  const port = new URL(own.url).port;
  await page.goto(own.url);
  await openChat(page);
  await log(page).getByRole("button", { name: "Go", exact: true }).click();
  await expect(log(page)).toContainText("Any other?");
  expect(await own.stop("SIGKILL")).toMatchObject({ signal: "SIGKILL" });
  own = await startServer({ port, dataDir: own.dataDir });
  await log(page).getByRole("button", { name: "No", exact: true }).click();
  await expect(log(page)).toContainText("Great, thanks!");
  await expect(log(page).getByText("Any other?")).toHaveCount(1);
  await own.stop("SIGKILL");
});

test("starts over", async ({ page }) => {
  await page.goto(server.url);
  await openChat(page);
  await log(page).getByRole("button", { name: "Go", exact: true }).click();
  await expect(log(page)).toContainText("Any other?");
  await page.getByRole("button", { name: "Start over" }).click();
  await expect(log(page)).not.toContainText("Any other?");
  await expect(log(page).getByRole("button", { name: "Rust" })).toBeEnabled();
});

test("axe finds nothing, on a desktop and on a phone", async ({ page }) => {
  for (const size of [
    { width: 1280, height: 800 },
    { width: 390, height: 844 },
  ]) {
    await page.setViewportSize(size);
    await page.goto(server.url);
    await openChat(page);
    await expect(log(page)).toContainText("Nice to meet you");
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map((violation) => violation.id)).toEqual([]);
  }
});
