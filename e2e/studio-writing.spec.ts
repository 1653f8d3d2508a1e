import { closePanels, drawing } from "./support/drawing.js";
import { expectGoodLayout, readDrawing } from "./support/layout.js";
import { expectReference } from "./support/reference.js";
import { command } from "./support/screens.js";
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
  await expect(dialog.locator("[aria-roledescription=step]", { hasText: "Hi, I'm Bot!" })).toBeInViewport();
  await expect(dialog.getByRole("button", { name: "Take it" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  // It is the whole flow: one goes on at its beginning.
  await expect(drawing(page)).toBeFocused();
  await expect(drawing(page).locator("[data-selected][aria-roledescription=step]")).toHaveAccessibleName(
    /Hi, I'm Bot!/,
  );
  // The beginning comes into view a frame later, and all of it is to be seen after that.
  await expect(async () => {
    await page.keyboard.press("1");
    await expect(drawing(page).locator("[aria-roledescription=step]")).toHaveCount(5, { timeout: 2_000 });
  }).toPass();
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

test("texts are written on their cards, and Enter and Tab go on", async ({ page }) => {
  const choices = [{ itemId: "answer", content: "" }];
  const flow = await makeFlow(
    page,
    JSON.stringify({
      a: { sendRequest: { kind: "BotText", content: "A" }, next: "question" },
      question: { sendRequest: { kind: "ChoiceRequest", groupId: "question", question: "", choices } },
      questionAnswer: { matchResponse: { kind: "ChoiceResponse", groupId: "question", itemId: "answer" } },
    }),
  );
  await openFlow(page, flow);
  await closePanels(page);
  const write = (name: string) => drawing(page).getByRole("textbox", { name, exact: true });
  await drawing(page).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(write("Text on the card")).toBeFocused();
  await write("Text on the card").click();
  await expect(write("Text on the card")).toBeFocused();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("- A list");
  // What is written over all of it stands in no list.
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("Hello **there** and :wav");
  await expect(page.getByRole("option", { name: /👋/ })).toBeVisible();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("5 < 6");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("- one");
  await page.keyboard.press("Enter");
  await page.keyboard.type("two");
  // An item that says nothing ends the list.
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await page.keyboard.type("and so on");
  await page.keyboard.press("Enter");
  await expect(write("Question on the card")).toBeFocused();
  await page.keyboard.type("Shall we?");
  await page.keyboard.press("Enter");
  await expect(write("Answer 1 on the card")).toBeFocused();
  await page.keyboard.type("Yes");
  await page.keyboard.press("Enter");
  await expect(write("Answer 2 on the card")).toBeFocused();
  await page.keyboard.type("No");
  await page.keyboard.press("Tab");
  await expect(write("Text on the card")).toBeFocused();
  await page.keyboard.type("You said **{{sh");
  await expect(page.getByRole("option", { name: "Shall we?" })).toBeVisible();
  await page.keyboard.press("Enter");
  await page.keyboard.type("**!");
  await expect(write("Text on the card")).toHaveText("You said Shall we?!");
  await page.keyboard.press("ControlOrMeta+z");
  await expect(write("Text on the card")).toHaveText("");
  await page.keyboard.press("ControlOrMeta+Shift+z");
  await expect(write("Text on the card")).toHaveText("You said Shall we?!");
  await page.keyboard.press("Escape");
  await expect(drawing(page)).toBeFocused();
  await page.keyboard.press("a");
  await expect(page.getByRole("combobox", { name: "What comes next" })).toBeFocused();
  await page.keyboard.type("ask");
  await page.keyboard.press("Enter");
  await expect(write("Text on the card")).toBeFocused();
  await page.keyboard.type("Name?");
  await page.keyboard.press("Tab");
  await expect(write("Placeholder on the card")).toBeFocused();
  await page.keyboard.type("**Your name");
  await page.keyboard.press("Escape");
  await drawing(page).getByText("**Your name", { exact: true }).dblclick();
  await expect(write("Placeholder on the card")).toBeFocused();
  await page.keyboard.type("**");
  await page.keyboard.press("Escape");
  await expect(drawing(page)).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await command(page, "Open: Edit");
  // The keyboard comes to the panel's first control a moment after it is open.
  await expect(page.getByRole("button", { name: "Start here" })).toBeFocused();
  const panel = page.getByRole("textbox", { name: "Text", exact: true });
  await panel.press("End");
  await panel.pressSequentially(" *So* {{sh");
  await expect(page.getByRole("option", { name: "Shall we?" })).toBeVisible();
  await panel.press("Enter");
  await expect(panel).toHaveValue("You said <b>{{shallWe}}</b>! <i>So</i> {{shallWe}}");
  await drawing(page).focus();
  await page.keyboard.press("Escape");
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  expect(JSON.parse(await exportedFile(page, flow))).toEqual({
    "helloThereAnd-5": {
      sendRequest: {
        kind: "BotText",
        content: "Hello <b>there</b> and 👋\n5 < 6\n<ul><li>one</li><li>two</li></ul>\nand so on",
      },
      next: "shallWe",
    },
    shallWe: {
      sendRequest: {
        kind: "ChoiceRequest",
        groupId: "shallWe",
        question: "Shall we?",
        choices: [
          { itemId: "yes", content: "Yes" },
          { itemId: "no", content: "No" },
        ],
      },
    },
    shallWeYes: { matchResponse: { kind: "ChoiceResponse", groupId: "shallWe", itemId: "yes" } },
    shallWeNo: { matchResponse: { kind: "ChoiceResponse", groupId: "shallWe", itemId: "no" }, next: "youSaidSo" },
    youSaidSo: {
      sendRequest: { kind: "BotText", content: "You said <b>{{shallWe}}</b>! <i>So</i> {{shallWe}}" },
      next: "name",
    },
    name: {
      sendRequest: { kind: "StartChatSession", sessionId: "name", chatPrompt: "**Your name**", chatText: "Name?" },
    },
    nameText: { matchResponse: { kind: "UserText", sessionId: "name" }, next: "nameEnd" },
    nameEnd: { sendRequest: { kind: "EndChatSession", sessionId: "name" } },
  });
});
