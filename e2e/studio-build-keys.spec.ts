import type { Page } from "@playwright/test";
import { drawing } from "./support/drawing.js";
import { Gestures } from "./support/gestures.js";
import { expectReference, textOf } from "./support/reference.js";
import { NAMES, WORDS } from "./support/reference-words.js";
import { exampleText, expect, test } from "./support/studio.js";

const FEW = 120;

// It is one long piece of work.
test.describe.configure({ timeout: 120_000 });

test("the conversation of bot-assistant.json is built by keys, and is then the file", async ({
  page,
  browser,
}, info) => {
  const hands = new Gestures(page, ["key"]);
  await hands.keyTo("Tab", page.getByRole("button", { name: "New flow", exact: true }));
  await hands.key("Enter");
  await expect(page.getByRole("menuitem", { name: "Write" })).toBeFocused();
  await hands.key("Enter");
  await writing(page, "Text");
  await hands.write(WORDS.hello);

  await hands.key("Escape", "a");
  // Nobody has named it: its first words did.
  await expect(page.getByRole("heading", { name: "Hi, I'm Bot!", exact: true })).toBeVisible();
  await picked(page, hands, "question");
  await writing(page, "Question");
  await hands.write(WORDS.lang);
  await hands.key("Enter");
  await answers(page, hands, ["Rust", "Go", "Other"]);

  // With nothing in hand a step stands alone.
  await hands.key("Escape", "Escape", "Escape", "a");
  await picked(page, hands, "ask");
  await writing(page, "Text");
  await hands.write(WORDS.pref);
  await hands.key("Enter");
  await writing(page, "Placeholder");
  await hands.write(WORDS.prefPlaceholder);

  await hands.key("Escape", "Home", "ArrowRight", "ArrowRight");
  await inHand(page, /^Answer: Rust/);
  await hands.key("a");
  await picked(page, hands, "question");
  await writing(page, "Question");
  await hands.write(WORDS.others);
  await hands.key("Enter");
  await answers(page, hands, ["Yes", "No"]);
  // Where the answer leads in which one writes.
  await hands.key("Control+Enter");
  await picked(page, hands, "new message");
  await writing(page, "Text");
  await hands.write(WORDS.done);
  await hands.key("Escape", "ArrowLeft", "ArrowUp", "c");
  await picked(page, hands, "what");

  await hands.key("Home", "ArrowRight", "ArrowRight", "ArrowDown", "c");
  await picked(page, hands, "any");
  await hands.key("ArrowDown", "c");
  await picked(page, hands, "enabled");
  await hands.key("ArrowRight", "c");
  await picked(page, hands, "any");

  expect(hands.made.length, hands.made.join("\n")).toBeLessThanOrEqual(FEW);
  await expectReference(await exported(page, hands), browser, info.outputPath("exported.json"));

  // Names, ids and order are set by hand: first the order, in the outline.
  await command(page, hands, "outline");
  await expect(page.getByRole("tree")).toBeFocused();
  await hands.key("Alt+ArrowUp", "Alt+ArrowUp");
  await hands.key("Home");
  for (const { step, names } of NAMES) {
    const row = page.getByRole("treeitem", { name: `: ${step}`, selected: true }).and(page.locator("[aria-level='1']"));
    while ((await row.count()) === 0) await hands.key("ArrowDown");
    await hands.key("n");
    await expect(page.getByRole("region", { name: "Details" }).getByRole("textbox").first()).toBeFocused();
    for (const [index, name] of names.entries()) {
      if (index > 0) await hands.key("Tab");
      if (name !== undefined) await hands.write(name);
    }
    await hands.key("Enter", "Escape");
    await expect(page.getByRole("tree")).toBeFocused();
  }
  expect(await exported(page, hands)).toBe(exampleText("bot-assistant"));
  expect(hands.made.length, hands.made.join("\n")).toBeLessThanOrEqual(FEW);
});

/** A text has the keyboard. */
const writing = (page: Page, name: string): Promise<void> =>
  expect(page.getByRole("textbox", { name, exact: true })).toBeFocused();

/** This is what the next key is about. */
async function inHand(page: Page, name: RegExp): Promise<void> {
  await expect(drawing(page)).toBeFocused();
  const id = await page.getByRole("group", { name }).getAttribute("id");
  await expect(drawing(page)).toHaveAttribute("aria-activedescendant", id ?? "");
}

/** What fits the words best is taken from the open list. */
async function picked(page: Page, hands: Gestures, words: string): Promise<void> {
  const list = page.getByRole("combobox", { name: /^(What comes next|Where this leads)$|: find a step$/ });
  await expect(list).toBeFocused();
  await hands.write(words);
  await hands.key("Enter");
  await expect(list).toBeHidden();
}

/** Writes answers, each but the first in a new field below. */
async function answers(page: Page, hands: Gestures, words: readonly string[]): Promise<void> {
  for (const [index, answer] of words.entries()) {
    if (index > 0) await hands.key("Tab");
    await writing(page, `Answer ${index + 1}`);
    await hands.write(answer);
  }
}

/** Carries a command out by its words. */
async function command(page: Page, hands: Gestures, words: string): Promise<void> {
  await hands.key("Control+k");
  const list = page.getByRole("dialog").getByRole("combobox");
  await expect(list).toBeFocused();
  await hands.write(words);
  await hands.key("Enter");
  await expect(list).toBeHidden();
}

async function exported(page: Page, hands: Gestures): Promise<string> {
  const download = page.waitForEvent("download");
  await command(page, hands, "export the flow");
  return textOf(await download);
}
