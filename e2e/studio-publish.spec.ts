import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { fileOf, saved, say } from "./support/flow-file.js";
import { startHostSite } from "./support/host-site.js";
import { auditControls } from "./support/page-audit.js";
import { expect, makeFlow, openFlow, test } from "./support/studio.js";
import { visit } from "./support/visitors.js";
import { formatWordsOn } from "./support/words.js";

const ask = (question: string, answers: Readonly<Record<string, string>>) => ({
  sendRequest: {
    kind: "ChoiceRequest",
    groupId: "go",
    question,
    choices: Object.entries(answers).map(([itemId, content]) => ({ itemId, content })),
  },
});
const take = (itemId: string, next: string) => ({
  matchResponse: { kind: "ChoiceResponse", groupId: "go", itemId },
  next,
});
const FLOW = {
  hello: say("Hello there", "ask"),
  ask: ask("Shall we?", { yes: "Yes", no: "No" }),
  yes: take("yes", "good"),
  no: take("no", "bye"),
  good: say("Good"),
  bye: say("Goodbye"),
};
const dialog = (page: Page) => page.getByRole("dialog");
const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });
const log = (page: Page) => page.getByRole("log");

/** Nothing is wrong with what lies over the page: for whoever hears it, for a hand, in its words. */
async function sound(page: Page): Promise<void> {
  await expect(dialog(page)).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).include("[role=dialog]").analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  expect(await formatWordsOn(page, ".cm-editor, iframe, pre")).toEqual([]);
  expect(await auditControls(page, 24)).toEqual([]);
}

/** Writes another text into the step that shows this one. */
async function reword(page: Page, from: string, to: string): Promise<void> {
  await page.keyboard.press("ControlOrMeta+k");
  await dialog(page).getByRole("combobox").fill(from);
  await page.keyboard.press("Enter");
  await page.getByRole("textbox", { name: "Text", exact: true }).fill(to);
}
async function publish(page: Page): Promise<void> {
  await button(page, /^Publish\b/)
    .first()
    .click();
  await dialog(page).getByRole("button", { name: "Publish", exact: true }).click();
  await expect(dialog(page).getByText(/Version \d+ is live/)).toBeVisible();
  await dialog(page).getByRole("button", { name: "Close" }).last().click();
}
test("of two who publish at once one is told, and sees what is live then", async ({ page, another, expected }) => {
  expected.push(/409/);
  const flow = await makeFlow(page, fileOf(FLOW));
  await openFlow(page, flow);
  const second = (await (await another()).pages())[0]!;
  await openFlow(second, flow);
  await button(page, /^Publish\b/).click();
  await button(second, /^Publish\b/).click();
  await expect(dialog(second).getByLabel("Note")).toHaveValue("First version");
  await sound(second);
  // Who goes to the note on a narrow screen sees it, whatever stands at the foot.
  await second.setViewportSize({ width: 390, height: 600 });
  await dialog(second).getByLabel("Note").focus();
  const [note, foot] = [dialog(second).getByLabel("Note"), dialog(second).getByRole("button", { name: "Cancel" })];
  await expect
    .poll(
      async () => (await foot.boundingBox())!.y - (await note.boundingBox())!.y - (await note.boundingBox())!.height,
    )
    .toBeGreaterThan(0);
  await dialog(page).getByRole("button", { name: "Publish", exact: true }).click();
  await expect(dialog(page).getByText("Version 1 is live")).toBeVisible();
  await dialog(second).getByRole("button", { name: "Publish", exact: true }).click();
  await expect(dialog(second)).toContainText("Somebody else was first");
  await expect(dialog(second)).toContainText("takes the place of version 1");
});

test("shows before publishing what the conversations so far would have been", async ({ page }) => {
  const flow = await makeFlow(page, fileOf(FLOW));
  await openFlow(page, flow);
  await publish(page);
  const guest = await page.context().newPage();
  await guest.goto("/");
  await visit(guest, flow, [{ pick: "no", of: "go" }]);
  await visit(guest, flow, [{ pick: "yes", of: "go" }]);
  await reword(page, "Goodbye", "So long");
  await expect
    .poll(async () => (await (await page.request.get(`/api/conversations?flow=${flow}`)).json()).total)
    .toBe(2);
  await button(page, /^Publish\b/).click();
  const section = dialog(page).getByRole("region", { name: "What would have happened" });
  await section.getByRole("button", { name: "Play" }).click();
  await expect(section.getByRole("status")).toContainText("1 the same, 1 would have differed, 0 would have got stuck.");
  await section.getByRole("button", { name: /^Show one that is otherwise from “So long”/ }).click();
  await expect(section.getByRole("listitem")).toContainText(/As it was.*Goodbye.*So long/s);
  await sound(page);
  await guest.close();
});

test("any two versions are compared, one is restored, and the flow is taken down", async ({ page }) => {
  const flow = await makeFlow(page, fileOf(FLOW));
  await openFlow(page, flow);
  await publish(page);
  await reword(page, "Goodbye", "So long");
  await publish(page);
  await reword(page, "So long", "Bye");
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Versions" }).click();
  await button(page, "More about Version 1").click();
  await page.getByRole("menuitem", { name: "Compare…" }).click();
  const differs = dialog(page).getByRole("list", { name: "What differs" });
  await expect(differs.getByRole("insertion")).toHaveText("Bye");
  await dialog(page).getByLabel("To").selectOption({ label: "Version 2 (live)" });
  await expect(differs.getByRole("insertion")).toHaveText("So long");
  await sound(page);
  await page.keyboard.press("Escape");
  await button(page, "Restore Version 1").click();
  await saved(page, flow, (file) => expect(file.bye).toEqual(say("Goodbye")));

  await button(page, "More about Version 2").click();
  await page.getByRole("menuitem", { name: "Take down…" }).click();
  await expect(dialog(page)).toContainText("Nobody is in a conversation now.");
  await dialog(page).getByRole("button", { name: "Take down" }).click();
  await expect(page.locator("#live-words")).toHaveText(/^Taken down just now by Owner/);
  await expect(button(page, /^Publish\b/)).toBeVisible();
});

test("the tag comes on a site that is allowed, once its owner has said so", async ({ page, browser, server }) => {
  const flow = await makeFlow(page, fileOf(FLOW));
  await openFlow(page, flow);
  // While it names no site, pages of this machine may show it.
  await page.getByRole("textbox", { name: "Allowed sites" }).fill("https://elsewhere.example");
  await page.keyboard.press("Enter");
  await publish(page);
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("dialog").getByRole("combobox").fill("Show it on a site");
  await page.keyboard.press("Enter");
  const tag = dialog(page).getByRole("region", { name: "Tag" });
  await expect(tag).toHaveText(`<script async src="${server.url}widget.js" data-flow="${flow}"></script>`);
  const address = dialog(page).getByRole("region", { name: "Address of its page" });
  await expect(address).toHaveText(`${server.url}c/${flow}`);
  await expect(dialog(page).getByRole("link", { name: "Open its page" })).toHaveAttribute(
    "href",
    `${server.url}c/${flow}`,
  );
  // No camera could open it.
  await expect(dialog(page)).toContainText(`Only this machine can open ${server.url}.`);
  await expect(dialog(page).getByRole("img", { name: "QR code of its page" })).toHaveCount(0);
  await expect(dialog(page)).toContainText("No other site has tried of late.");
  await sound(page);
  await page.keyboard.press("Escape");

  const site = await startHostSite(new URL(server.url).origin);
  const url = site.page("plain.html", [{ "data-flow": flow }]);
  const context = await browser.newContext({ reducedMotion: "reduce" });
  const shop = await context.newPage();
  const told = shop.waitForEvent("console", (message) => message.text().includes(new URL(site.url).origin));
  await shop.goto(url);
  await told;

  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Show it on a site…" }).click();
  const { origin } = new URL(site.url);
  await button(page, `Allow ${origin}`).click();
  await expect(dialog(page)).toContainText(`Allow ${origin} to show this flow?`);
  await sound(page);
  await dialog(page).getByRole("button", { name: "Allow this site" }).click();
  await expect(dialog(page).getByRole("list", { name: "Allowed sites" })).toContainText(origin);
  await dialog(page).getByRole("button", { name: "Publish…" }).click();
  await expect(dialog(page).getByRole("list", { name: "What differs" })).toHaveText("Settings: Allowed sites");
  await dialog(page).getByRole("button", { name: "Publish", exact: true }).click();
  await expect(dialog(page).getByText("Version 2 is live")).toBeVisible();

  await shop.reload();
  await button(shop, "Open chat").click();
  await expect(log(shop)).toContainText("Hello there");
  await context.close();
  await site.stop();
});
