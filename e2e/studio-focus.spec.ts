import { drawing } from "./support/drawing.js";
import { exampleText, expect, makeFlow, openFlow, test } from "./support/studio.js";

const ring = (element: Element): string => getComputedStyle(element).outlineStyle;

test("a flow is opened with the keyboard on its steps; the ring around them waits for a key", async ({ page }) => {
  const flow = await makeFlow(page, exampleText("bot-assistant"));
  await page.goto(`/studio/f/${flow}`);
  await expect(drawing(page)).toBeFocused();
  expect(await drawing(page).evaluate(ring)).toBe("none");
  await page.keyboard.press("Shift");
  await expect.poll(() => drawing(page).evaluate(ring)).toBe("solid");
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("textbox", { name: "Text", exact: true })).toHaveValue("Hi, I'm Bot! Nice to meet you.");
  await expect(drawing(page)).toBeFocused();

  await page.goto("/studio");
  await page.getByRole("link", { name: flow }).focus();
  await page.keyboard.press("Enter");
  await expect(drawing(page)).toBeFocused();
  expect(await drawing(page).evaluate(ring)).toBe("solid");
});

test("a new note is written at once, and again by Enter", async ({ page }) => {
  const flow = await makeFlow(page, exampleText("bot-assistant"));
  await page.goto(`/studio/f/${flow}`);
  await expect(drawing(page)).toBeFocused();
  const note = (words: string) => page.getByRole("group", { name: new RegExp(`^Note by .*: ${words}$`) });
  await page.keyboard.press("Shift+S");
  await expect(page.getByRole("textbox", { name: "Text", exact: true })).toBeFocused();
  await page.keyboard.type("Ask Ann");
  await expect(note("Ask Ann")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(drawing(page)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Text", exact: true })).toBeFocused();
  await page.keyboard.type(" again");
  await expect(note("Ask Ann again")).toBeVisible();
});

test("a new flow's example text is typed over, and undo brings it back", async ({ page }) => {
  await page.getByRole("button", { name: "New flow", exact: true }).click();
  await page.getByRole("menuitem", { name: "Write" }).click();
  const text = page.getByRole("textbox", { name: "Text", exact: true });
  await expect(text).toBeFocused();
  const example = await text.inputValue();
  expect(example).not.toBe("");
  await page.keyboard.type("Welcome");
  await expect(text).toHaveValue("Welcome");
  await page.keyboard.press("Control+z");
  await expect(text).toHaveValue(example);
});

test("what is added follows the answer that is being written", async ({ page }) => {
  const flow = await makeFlow(page, exampleText("bot-assistant"));
  await openFlow(page, flow);
  await drawing(page).focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  const text = (name: string) => page.getByRole("textbox", { name, exact: true });
  await expect(text("Question on the card")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(text("Answer 4 on the card")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(text("Answer 4 on the card")).toBeFocused();
  await page.keyboard.type("None");
  await page.keyboard.press("Enter");
  await expect(text("Answer 5 on the card")).toBeFocused();
  await page.keyboard.type("All of them");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("add: message");
  await page.keyboard.press("Enter");
  await expect(text("Text on the card")).toBeFocused();
  await page.keyboard.type("Oh!");
  await expect(page.getByRole("group", { name: "Answer: None, ends here" })).toBeVisible();
  await expect(page.getByRole("group", { name: "Answer: All of them, then Oh!" })).toBeVisible();
});
