import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { card, drawing } from "./support/drawing.js";
import { chooseFile, importFile } from "./support/files.js";
import { draftOf, fileOf, saved, say } from "./support/flow-file.js";
import { expect, exportedFile, test } from "./support/studio.js";

test.use({ actionTimeout: 10_000 });

const INVALID = fileURLToPath(new URL("../flows/invalid", import.meta.url));
const invalid = (code: string): string => readFileSync(`${INVALID}/${code}.json`, "utf8");

const unread = (page: Page) => page.getByRole("status").filter({ hasText: "The text of the file cannot be read" });
const jsonText = (page: Page) => page.getByRole("textbox", { name: "The text of the file" });
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

/** Nested deeper than a flow may be. */
const DEEP = `${"[".repeat(100)}${"]".repeat(100)}`;

/** A flow of long messages, of at least so many bytes. */
function largeFlow(bytes: number): string {
  const count = Math.ceil(bytes / 2000);
  return fileOf(
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`s${i}`, say(`Step ${i} ${"word ".repeat(400)}`)])),
  );
}

test.describe("a file that cannot be read", () => {
  for (const [kind, text, part] of [
    ["no JSON", invalid("not-a-flow"), "Hello! What can I do for you?"],
    ["a list", '["hello"]\n', "hello"],
    ["a text", '"hello"\n', "hello"],
    ["a name twice", invalid("duplicate-name"), "In winter, a ferry leaves every two hours."],
    ["nested too deep", `{ "hello": ${DEEP} }\n`, "hello"],
    ["too large for a flow", largeFlow(5.2e6), "Step 1"],
  ] as const) {
    test(`is opened, its text kept, gone to and discarded: ${kind}`, async ({ page }) => {
      const flow = await importFile(page, "broken.json", text);
      await expect(unread(page)).toBeVisible();
      expect((await draftOf(page, flow)).text).toBe(text);
      // What can be read is shown, and nothing can be changed.
      await expect(drawing(page).locator("[aria-roledescription=step]").first()).toBeVisible();
      await expect(button(page, "Undo")).toHaveAttribute("aria-disabled", "true");

      await button(page, "Go to the text").click();
      await expect(jsonText(page)).toBeFocused();
      await expect(jsonText(page)).toContainText(part);

      await button(page, "Discard the text").click();
      await expect(unread(page)).toBeHidden();
      await expect.poll(async () => (await draftOf(page, flow)).text).toBeUndefined();
      await button(page, "Undo").click();
      await expect(unread(page)).toBeVisible();
      await expect.poll(async () => (await draftOf(page, flow)).text).toBe(text);
      await page.reload();
      await expect(unread(page)).toBeVisible();
    });
  }

  test("is corrected in the text, and everything can be edited again", async ({ page }) => {
    const flow = await importFile(page, "broken.json", invalid("not-a-flow"));
    await button(page, "Go to the text").click();
    await expect(jsonText(page)).toBeFocused();
    await page.getByText('"next"').click();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("End");
    await page.keyboard.type(",");
    await expect(unread(page)).toBeHidden();
    await saved(page, flow, (file) => expect(Object.keys(file)).toEqual(["hello", "menu"]));
    expect((await draftOf(page, flow)).text).toBeUndefined();
    await expect(card(page, "Hello! What can I do for you?")).toBeVisible();
  });

  test("too large to be sent is not opened, and it says so", async ({ page }) => {
    await page.goto("/studio/");
    const links = page.getByRole("link");
    await expect(page.getByRole("link", { name: /Bot assistant/ })).toBeVisible();
    const before = await links.count();
    await chooseFile(page, "large.json", largeFlow(10.1e6));
    await expect(page.getByRole("alert").filter({ hasText: /too large/ })).toBeVisible();
    await expect(links).toHaveCount(before);
  });
});

test("what has another shape is opened all the same, with what is wrong with it", async ({ page }) => {
  const text =
    '{\n  "hello": 5,\n  "bye": {\n    "sendRequest": {\n      "kind": "Shout",\n      "content": "Bye"\n    }\n  }\n}\n';
  const flow = await importFile(page, "shape.json", text);
  await expect(unread(page)).toBeHidden();
  await expect(drawing(page).locator("[aria-roledescription=step]")).toHaveCount(2);
  await expect(page.getByRole("button", { name: /2 problems/ })).toBeVisible();
  expect(await exportedFile(page, flow)).toBe(text);
});

test.describe("a quick fix", () => {
  for (const [code, label] of [
    ["bad-name", /^Rename/],
    ["next-missing", /^Lead to the message ‘We are open/],
    ["number-id", 'Write it as "1"'],
    ["choice-without-match", "Add the step for this answer"],
    ["chat-without-match", "Add the step for the text"],
    ["no-other-text", "Add the step for any other text"],
    ["empty-text", "Say nothing here"],
    ["outcome-without-match", /^Add the step for when/],
    ["hand-off-with-next", "Take the connection away"],
    ["hand-off-id-taken", /^Rename/],
  ] as const) {
    test(`of ${code} takes the finding away, and undo brings the file back as it was`, async ({ page }) => {
      const text = invalid(code);
      const flow = await importFile(page, `${code}.json`, text);
      await page.getByRole("button", { name: /^\d+ (problem|hint)/ }).click();
      const list = page.getByRole("list", { name: "Problems and hints", exact: true });
      await expect(list.getByRole("listitem")).toHaveCount(1);
      await list.getByRole("button", { name: label }).click();
      await expect(list.getByRole("button", { name: label })).toHaveCount(0);
      // What a fix adds may be something to go on from, and never another problem.
      await expect(page.getByRole("img", { name: "Problem", exact: true })).toHaveCount(0);
      await saved(page, flow, (_, now) => expect(now).not.toBe(text));
      await button(page, "Undo").click();
      await expect(list.getByRole("button", { name: label })).toBeVisible();
      await saved(page, flow, (_, now) => expect(now).toBe(text));
    });
  }

  test("is also at its step, and in the margin of the text", async ({ page }) => {
    const text = invalid("next-missing");
    const flow = await importFile(page, "next-missing.json", text);
    const label = /^Lead to the message ‘We are open/;
    const isFixed = () => saved(page, flow, (file) => expect(file.cards?.next).toBe("openingHours"));
    await page.getByRole("button", { name: "1 problem" }).click();
    await page.getByRole("button", { name: /^Problem The message ‘A card is free/ }).click();
    await page
      .getByRole("list", { name: "Problems and hints of this step" })
      .getByRole("button", { name: label })
      .click();
    await isFixed();
    await button(page, "Undo").click();
    await saved(page, flow, (_, now) => expect(now).toBe(text));

    await page.getByRole("tab", { name: "JSON" }).click();
    await page.locator(".cm-lint-marker").hover();
    await page.getByRole("button", { name: label }).last().click();
    await isFixed();
  });
});
