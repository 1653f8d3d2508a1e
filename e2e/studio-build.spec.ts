import type { Locator, Page } from "@playwright/test";
import { box, card, dot, drawing, head } from "./support/drawing.js";
import { Gestures } from "./support/gestures.js";
import { expectReference, textOf } from "./support/reference.js";
import { NAMES, WORDS } from "./support/reference-words.js";
import { exampleText, expect, test } from "./support/studio.js";

const FEW = 40;

/** Something in the panel of what can be added. */
const added = (page: Page, name: RegExp): Locator =>
  page.getByRole("complementary", { name: "Add" }).getByRole("option", { name });
/** The text that has the keyboard. */
const text = (page: Page, name: string): Locator => page.getByRole("textbox", { name, exact: true });
const ends = (page: Page, step: string, nth: number): Locator =>
  drawing(page)
    .locator(".react-flow__node", { hasText: step })
    .getByRole("button", { name: "Ends here. Add what follows" })
    .nth(nth);
const row = (page: Page, step: string): Locator =>
  page.getByRole("treeitem", { level: 1 }).and(page.getByRole("treeitem", { name: `: ${step}` }));
const listed = (page: Page, name: RegExp): Locator =>
  page.getByRole("dialog", { name: "What comes next" }).getByRole("option", { name });

// It is one long piece of work.
test.describe.configure({ timeout: 120_000 });

test("the conversation of bot-assistant.json is built by mouse, and is then the file", async ({
  page,
  browser,
}, info) => {
  const hands = new Gestures(page, ["press", "drag", "key"]);
  await hands.press(page.getByRole("button", { name: "New flow", exact: true }));
  await hands.press(page.getByRole("menuitem", { name: "Write" }));
  await expect(text(page, "Text")).toBeFocused();
  await hands.write(WORDS.hello);
  // Room for a palette and the drawing.
  await turn(page, hands, "Preview", false);
  await turn(page, hands, "Add", true);

  await hands.press(added(page, /^Question/));
  await expect(text(page, "Question")).toBeFocused();
  await hands.write(WORDS.lang);
  await hands.key("Enter");
  await answers(page, hands, ["Rust", "Go", "Other"]);

  // It stands alone at first.
  const { x, y, width, height } = await box(drawing(page));
  await hands.drag(added(page, /^Ask for text/), { x: x + width / 3, y: y + height - 180 });
  await expect(text(page, "Text")).toBeFocused();
  await hands.write(WORDS.pref);
  await hands.key("Enter");
  await expect(text(page, "Placeholder")).toBeFocused();
  await hands.write(WORDS.prefPlaceholder);
  await hands.drag(await dot(page, WORDS.lang, "Other"), await head(card(page, WORDS.pref)));

  await hands.press(ends(page, WORDS.lang, 0));
  await hands.press(listed(page, /^Question/));
  await expect(text(page, "Question")).toBeFocused();
  await hands.write(WORDS.others);
  await hands.key("Enter");
  await answers(page, hands, ["Yes", "No"]);
  await hands.press(ends(page, WORDS.others, 0));
  await hands.press(listed(page, /^What programming/));
  await hands.press(ends(page, WORDS.others, 0));
  await hands.press(listed(page, /^Message/));
  await expect(text(page, "Text")).toBeFocused();
  await hands.write(WORDS.done);

  await hands.press(page.getByRole("button", { name: "See everything" }));
  await hands.press(page.getByRole("button", { name: "Zoom in" }));
  await hands.drag(await dot(page, WORDS.lang, "Go"), await head(card(page, WORDS.others)));
  await hands.drag(await dot(page, WORDS.pref, "Anything else"), await head(card(page, WORDS.others)));

  expect(hands.made.length, hands.made.join("\n")).toBeLessThanOrEqual(FEW);
  await expectReference(await exported(page, hands), browser, info.outputPath("exported.json"));

  // Names, ids and order are set by hand.
  for (const { step, names } of NAMES) {
    await hands.press(await head(card(page, step)));
    const details = page.getByRole("region", { name: "Details" });
    if (step === WORDS.hello) await hands.press(details.getByRole("button", { name: "Details" }));
    await hands.press(details.getByRole("textbox").first());
    for (const [index, name] of names.entries()) {
      if (index > 0) await hands.key("Tab");
      if (name !== undefined) await hands.write(name);
    }
    await hands.key("Enter");
  }
  await hands.press(page.getByRole("tab", { name: "Outline" }));
  await hands.press(page.getByText("File", { exact: true }));
  const before = await box(row(page, WORDS.others));
  await hands.drag(row(page, WORDS.pref), { x: before.x + 60, y: before.y + 6 });
  expect(await exported(page, hands)).toBe(exampleText("bot-assistant"));
});

/** Opens or closes a panel by its button, if it is not so already. */
async function turn(page: Page, hands: Gestures, panel: string, open: boolean): Promise<void> {
  const button = page.getByRole("banner").getByRole("button", { name: panel, exact: true });
  if ((await button.getAttribute("aria-pressed")) !== String(open)) await hands.press(button);
  await expect(button).toHaveAttribute("aria-pressed", String(open));
}

/** The flow as the menu exports it. */
async function exported(page: Page, hands: Gestures): Promise<string> {
  await hands.press(page.getByRole("banner").getByRole("button", { name: "More" }));
  const download = page.waitForEvent("download");
  await hands.press(page.getByRole("menuitem", { name: "Export the flow" }));
  return textOf(await download);
}

/** Writes answers, each but the first in a new field below. */
async function answers(page: Page, hands: Gestures, words: readonly string[]): Promise<void> {
  for (const [index, answer] of words.entries()) {
    if (index > 0) await hands.key("Enter");
    await expect(text(page, `Answer ${index + 1}`)).toBeFocused();
    await hands.write(answer);
  }
}
