import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "@playwright/test";
import { pick } from "./support/drawing.js";
import { startHostSite } from "./support/host-site.js";
import { PreviewPane } from "./support/preview.js";
import { command, panelOf } from "./support/screens.js";
import { freshFolder, PARLEY } from "./support/server.js";
import { expect, openFlow, test } from "./support/studio.js";

// Conversations are found by their words: no other spec's stand among them.
test.use({ only: "whole-story" });

const GOODBYE = "You are welcome. See you at the mill!";
const dialog = (page: Page) => page.getByRole("dialog");
const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });
const log = (page: Page) => page.getByRole("log");

/** Writes another text into the step that shows this one. */
async function reword(page: Page, from: string, to: string): Promise<void> {
  await command(page, from);
  await page.getByRole("textbox", { name: "Text", exact: true }).fill(to);
}

/** Publishes from the dialog that is open. */
async function publish(page: Page, version: number, button = "Publish"): Promise<void> {
  await dialog(page).getByRole("button", { name: button, exact: true }).click();
  await expect(dialog(page).getByText(`Version ${version} is live`)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toHaveCount(0);
}

/** A visitor of his own, at a page that has the tag. */
async function visitor(browser: Browser, url: string): Promise<Page> {
  const page = await (await browser.newContext({ reducedMotion: "reduce" })).newPage();
  await page.goto(url);
  await button(page, "Open chat").click();
  return page;
}

test("the whole story: drawn, previewed, mended, published, talked to, rolled back, read, and kept as a test", async ({
  page,
  browser,
  server,
}) => {
  // From an example, with the preview talking already.
  await button(page, "New flow").click();
  await page.getByRole("menuitem", { name: "Start from an example" }).click();
  await dialog(page).getByRole("button", { name: "Answer common questions" }).click();
  await dialog(page).getByRole("button", { name: "Use this example" }).click();
  await expect(page).toHaveURL(/\/studio\/f\/[^/]+$/);
  const flow = new URL(page.url()).pathname.split("/").at(-1)!;
  const state = page.locator("#live-words");
  await expect(state).toHaveText("Not published yet: nobody can talk to it.");
  const preview = new PreviewPane(page);
  await preview.choose("I am late with a return");
  await expect(preview.message("That happens.")).toBeVisible();

  // Edited, while the preview keeps its place.
  await button(page, "See everything").click();
  await reword(page, "Welcome to the Millbrook", "Welcome to the shed");
  await expect(preview.message("Welcome to the shed")).toBeAttached();
  await expect(preview.message("That happens.")).toBeAttached();

  // Broken: an answer that nothing takes any more. Why it cannot be published, and the fix.
  await command(page, "Steps or States");
  await command(page, "No, thank you");
  await command(page, "Delete");
  await command(page, "Publish…");
  await expect(dialog(page).getByRole("alert")).toHaveText("A problem keeps this flow from being published.");
  const problems = dialog(page).getByRole("list", { name: "Problems" });
  await expect(problems.getByRole("listitem")).toHaveCount(1);
  await expect(problems).toContainText("No, thank you");
  await problems.getByRole("button").last().click();
  await expect(problems).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toHaveCount(0);
  // It takes the answer again, and is led on by hand.
  await command(page, "No, thank you");
  await command(page, "Lead to…");
  await pick(page, GOODBYE);
  await command(page, "Publish…");
  await publish(page, 1);
  await expect(state).toHaveText(/^Version 1 is live since just now, and says the same\.$/);

  // Talked to on another site, and published again meanwhile.
  const site = await startHostSite(new URL(server.url).origin);
  const url = site.page("plain.html", [{ "data-flow": flow }]);
  const one = await visitor(browser, url);
  await expect(log(one)).toContainText("Welcome to the shed");
  await log(one).getByRole("button", { name: "I am late with a return" }).click();
  await expect(log(one)).toContainText("anything else you would like to know?");
  await reword(page, GOODBYE, "So long!");
  await expect(state).toHaveText(/^Unpublished changes: Version 1 is live/);
  await expect
    .poll(async () => (await (await page.request.get(`/api/flows/${flow}/running`)).json()).versions)
    .toEqual([{ version: 1, running: 1, waits: [{ state: "askMore", running: 1 }] }]);
  await command(page, "Publish…");
  const differs = dialog(page).getByRole("list", { name: "What differs" });
  await expect(differs.getByRole("deletion")).toHaveText(GOODBYE);
  await expect(differs.getByRole("insertion")).toHaveText("So long!");
  await expect(dialog(page).getByLabel("Note")).toHaveValue("1 message changed");
  await expect(dialog(page).getByRole("list", { name: "Conversations under way" })).toHaveText(
    "Version 1: 1, waiting at “Is there anything else you would like to know?” (1)",
  );
  await dialog(page).getByLabel("Note").fill("Shorter");
  await publish(page, 2);

  // Who began on the first finishes on it; who begins now is on the second, also when the first is live again.
  const two = await visitor(browser, url);
  await log(two).getByRole("button", { name: "Opening hours" }).click();
  await log(one).getByRole("button", { name: "No, thank you" }).click();
  await expect(log(one)).toContainText(GOODBYE);
  await command(page, "Versions");
  const versions = panelOf(page, "Earlier");
  await expect(versions.getByRole("listitem")).toHaveCount(2);
  await expect(versions.getByRole("listitem").first()).toContainText("Shorter");
  await button(page, "More about Version 1").click();
  await page.getByRole("menuitem", { name: "Make live again…" }).click();
  await expect(dialog(page).getByLabel("Note")).toHaveValue("Back to version 1");
  await publish(page, 3, "Make it live");
  await expect(versions.getByRole("listitem").first()).toContainText("Version 1 once more");
  await log(two).getByRole("button", { name: "No, thank you" }).click();
  await expect(log(two)).toContainText("So long!");
  const three = await visitor(browser, url);
  await log(three).getByRole("button", { name: "I am late with a return" }).click();
  await log(three).getByRole("button", { name: "No, thank you" }).click();
  await expect(log(three)).toContainText(GOODBYE);
  for (const guest of [one, two, three]) await guest.context().close();
  await site.stop();

  // Found by what was picked and its version, walked through, and kept as a test.
  await command(page, "Conversations");
  await page.getByRole("searchbox", { name: "Search what was said" }).fill("late return");
  await page.getByRole("combobox", { name: "Version" }).selectOption("1");
  const row = page.getByRole("list", { name: "Conversations" }).getByRole("listitem");
  await expect(row).toHaveCount(1);
  await row.getByRole("link").click();
  await expect(page.getByRole("list", { name: "What was said" })).toContainText(GOODBYE);
  const drawn = page.getByRole("application", { name: /as a drawing/ });
  await expect(drawn.getByText("Waits here")).toHaveCount(0);
  const moments = page.getByRole("slider", { name: "Moment" });
  await moments.focus();
  await page.keyboard.press("Home");
  await button(page, "Message after").click();
  await expect(drawn.getByText("Waits here")).toHaveCount(1);
  await button(page, "Save as a test").click();
  await page.getByRole("textbox", { name: "Name of the test" }).fill("Late return");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("textbox", { name: "Name of the test" })).toHaveCount(0);

  // The draft says "So long!": the test fails on it, and passes on what is live.
  await openFlow(page, flow);
  await command(page, "Open: Tests");
  const tests = panelOf(page, "Tests");
  await expect(tests).toContainText(`Expected ${GOODBYE}`);
  const folder = freshFolder();
  mkdirSync(folder);
  const keep = async (act: () => Promise<void>) => {
    const [file] = await Promise.all([page.waitForEvent("download"), act()]);
    const path = join(folder, file.suggestedFilename());
    await file.saveAs(path);
    return path;
  };
  const scenario = await keep(() => button(page, "Download “Late return”").click());
  const parley = (file: string) => spawnSync(process.execPath, [PARLEY, "test", file, scenario], { encoding: "utf8" });
  const draft = parley(await keep(() => command(page, "Export the flow")));
  expect(draft.stdout).toMatch(new RegExp(`expected: ${GOODBYE}\\s+came: +So long!`));
  expect(draft.status).toBe(1);
  await command(page, "Versions");
  await button(page, "Restore Version 1").click();
  await expect(state).toHaveText(/^Version 3 is live since .*, and says the same\.$/);
  await command(page, "Open: Tests");
  await expect(tests).toContainText("3 tests, all pass");
  const restored = parley(await keep(() => command(page, "Export the flow")));
  expect(restored.stderr).toBe("");
  expect(restored.stdout).toMatch(/^ok .*\(Late return\)\n1 test passed\./);
  expect(restored.status).toBe(0);
});
