import type { Locator, Page } from "@playwright/test";
import { Gestures } from "./support/gestures.js";
import { expectReference, textOf } from "./support/reference.js";
import { NAMES, WORDS } from "./support/reference-words.js";
import { exampleText, expect, test } from "./support/studio.js";

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

const button = (page: Page, name: string | RegExp): Locator => page.getByRole("button", { name, exact: true });
/** A text of the step in hand. */
const text = (page: Page, name: string): Locator => page.getByRole("textbox", { name, exact: true });
/** A step or an answer of the outline. */
const row = (page: Page, words: string): Locator => page.getByRole("treeitem", { name: words }).first();
const view = (page: Page, name: string): Locator =>
  page.getByRole("navigation", { name: "Views" }).getByRole("button", { name });
/** What can be done with the row in hand. */
const tool = (page: Page, name: string): Locator =>
  page.getByRole("toolbar", { name: "With this step" }).getByRole("button", { name, exact: true });

// It is one long piece of work.
test.describe.configure({ timeout: 120_000 });

test("the conversation of bot-assistant.json is built by finger in the lists, and is then the file", async ({
  page,
  browser,
}, info) => {
  const hands = new Gestures(page, ["tap"]);
  await hands.tap(button(page, "New flow"));
  await hands.tap(page.getByRole("menuitem", { name: "Write" }));
  await write(page, hands, "Text", WORDS.hello);
  // What comes last is written first: it is put in its place in the end.
  await lead(page, hands, /^Then:/, "A new message");
  await write(page, hands, "Text", WORDS.done);
  await lead(page, hands, /^Then:/, "A new question");
  await write(page, hands, "Question", WORDS.lang);
  await answers(page, hands, ["Rust", "Go", "Other"]);
  await lead(page, hands, /^‘Rust’ leads to/, "A new question");
  await write(page, hands, "Question", WORDS.others);
  await answers(page, hands, ["Yes", "No"]);
  await lead(page, hands, /^‘Yes’ leads to/, WORDS.lang);
  await lead(page, hands, /^‘No’ leads to/, WORDS.done);

  await hands.tap(view(page, "Outline"));
  await hands.tap(row(page, "Answer: Go"));
  await hands.tap(tool(page, "More"));
  await hands.tap(page.getByRole("menuitem", { name: "Lead to…" }));
  await hands.tap(page.getByRole("dialog").getByRole("option", { name: WORDS.others }));
  await expect(row(page, "Answer: Go")).toHaveAccessibleName(`Answer: Go, then ${WORDS.others}`);
  await hands.tap(row(page, "Answer: Other"));
  await hands.tap(tool(page, "Add"));
  await hands.tap(page.getByRole("dialog").getByRole("option", { name: "Ask for text" }));
  await write(page, hands, "Text", WORDS.pref);
  await hands.tap(text(page, "Placeholder"));
  await write(page, hands, "Placeholder", WORDS.prefPlaceholder);
  await lead(page, hands, /^Anything else leads to/, WORDS.others);

  await open(page, hands, `Message: ${WORDS.done}`);
  await lead(page, hands, /^Then:/, "Nowhere");
  await open(page, hands, `Message: ${WORDS.hello}`);
  await lead(page, hands, /^Then:/, WORDS.lang);
  await expectReference(await exported(page, hands), browser, info.outputPath("exported.json"));

  // Names, ids and order are set by hand.
  await hands.tap(view(page, "Outline"));
  await hands.tap(page.getByText("File", { exact: true }));
  await hands.tap(row(page, `: ${WORDS.done}`));
  for (let steps = 0; steps < 3; steps++) await hands.tap(tool(page, "Down"));
  await expect(tool(page, "Down")).toBeDisabled();
  const details = page.getByRole("region", { name: "Details" });
  for (const { step, names } of NAMES) {
    await open(page, hands, `: ${step}`);
    if (step === WORDS.hello) await hands.tap(details.getByRole("button", { name: "Details" }));
    for (const [index, name] of names.entries()) {
      if (name === undefined) continue;
      await hands.tap(details.getByRole("textbox").nth(index));
      await hands.write(name);
    }
  }
  await hands.tap(view(page, "Outline"));
  expect(await exported(page, hands)).toBe(exampleText("bot-assistant"));
});

/** Writes into the text that has the keyboard, and is this one. */
async function write(page: Page, hands: Gestures, name: string, words: string): Promise<void> {
  await expect(text(page, name)).toBeFocused();
  await hands.write(words);
  await expect(text(page, name)).toHaveValue(words);
}

/** Answers of a question, which has one that is empty. */
async function answers(page: Page, hands: Gestures, words: readonly string[]): Promise<void> {
  for (const [index, answer] of words.entries()) {
    await hands.tap(index === 0 ? text(page, "Answer 1") : button(page, "Add an answer"));
    await write(page, hands, `Answer ${index + 1}`, answer);
  }
}

/** Leads a way out to something of its list. No keyboard comes over the list before the search is touched. */
async function lead(page: Page, hands: Gestures, way: RegExp, to: string): Promise<void> {
  await hands.tap(button(page, way));
  await expect(page.getByPlaceholder("Find a step by its words").filter({ visible: true })).not.toBeFocused();
  await hands.tap(page.getByRole("option", { name: to }));
}

/** Goes from the outline to what can be edited of a step. */
async function open(page: Page, hands: Gestures, step: string): Promise<void> {
  await hands.tap(view(page, "Outline"));
  await hands.tap(row(page, step));
  await hands.tap(tool(page, "Edit"));
}

async function exported(page: Page, hands: Gestures): Promise<string> {
  await hands.tap(page.getByRole("banner").getByRole("button", { name: "More" }));
  const download = page.waitForEvent("download");
  await hands.tap(page.getByRole("menuitem", { name: "Export the flow" }));
  return textOf(await download);
}
