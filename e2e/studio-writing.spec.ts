import { closePanels, drawing } from "./support/drawing.js";
import { expectGoodLayout, readDrawing } from "./support/layout.js";
import { expectReference } from "./support/reference.js";
import { expect, exportedFile, makeFlow, openFlow, test } from "./support/studio.js";

const SCRIPT = `Hi, I'm Bot! Nice to meet you.
What programming language do you use in your hobby projects?
- Rust
- Go
- Other
  I enabled chat editor [Type your preferred language here...]
Any other?
- Yes -> What programming language do you use in your hobby projects?
- No
  Great, thanks!
`;

test("a script pasted on an empty canvas is shown, taken as bot-assistant.json, and copied again", async ({
  page,
  browser,
  context,
}, info) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const flow = await makeFlow(page, JSON.stringify({ a: { sendRequest: { kind: "BotText", content: "A" } } }));
  await openFlow(page, flow);
  await closePanels(page);
  await drawing(page).focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("Delete");
  await expect(page.getByRole("heading", { name: "There are no steps yet" })).toBeVisible();

  await page.evaluate((text) => navigator.clipboard.writeText(text), SCRIPT);
  await page.keyboard.press("ControlOrMeta+v");
  const dialog = page.getByRole("dialog", { name: "Write as a script" });
  await expect(dialog.getByText("Nothing is amiss.")).toBeVisible();
  await expect(dialog.locator("[aria-roledescription=step]")).toHaveCount(5);
  await expect(dialog.getByRole("button", { name: "Take it" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(drawing(page).locator("[data-selected][aria-roledescription=step]")).toHaveCount(5);
  expectGoodLayout(await readDrawing(page));
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await expectReference(await exportedFile(page, flow), browser, info.outputPath("taken.json"));

  await expect(drawing(page)).toBeFocused();
  await page.keyboard.press("Escape");
  await page.keyboard.press("ControlOrMeta+k");
  await expect(page.getByRole("combobox", { name: "What would you like to do?" })).toBeFocused();
  await page.keyboard.type("copy as a script");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status").filter({ hasText: "Copied as a script." })).toBeAttached();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(SCRIPT);

  await drawing(page).focus();
  await page.keyboard.press("ControlOrMeta+z");
  await expect(page.getByRole("heading", { name: "There are no steps yet" })).toBeVisible();
});
