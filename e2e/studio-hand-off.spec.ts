import { AxeBuilder } from "@axe-core/playwright";
import { card, dot, drag, head, middle } from "./support/drawing.js";
import { PreviewPane } from "./support/preview.js";
import { expect, exportedFile, makeFlow, openFlow, test } from "./support/studio.js";

const FLOW = {
  hi: { sendRequest: { kind: "BotText", content: "Hi there" } },
  thanks: { sendRequest: { kind: "BotText", content: "Thank you" } },
  sorry: { sendRequest: { kind: "BotText", content: "Sorry, write us" } },
};

test("a hand-over to a person is drawn, connected by its ends, and played through each of them", async ({ page }) => {
  const flow = await makeFlow(page, JSON.stringify(FLOW));
  await openFlow(page, flow);
  // The step is made where the edge is let go, connected.
  const from = await middle(await dot(page, "Hi there"));
  await drag(page, from, { x: from.x + 120, y: from.y + 60 });
  await page
    .getByRole("dialog", { name: "What comes next" })
    .getByRole("option", { name: /^Hand over/ })
    .click();
  const text = page.getByRole("textbox", { name: "Text", exact: true });
  await expect(text).toBeFocused();
  await page.keyboard.type("One moment");
  await page.getByRole("textbox", { name: "Queue" }).fill("Sales");
  await expect(card(page, "One moment")).toContainText("Sales, waits 5 minutes at most");
  const wait = page.getByRole("textbox", { name: "Waits at most" });
  await wait.fill("0");
  await wait.blur();
  await expect(page.getByText("A whole number from 1 to 1440.")).toBeVisible();
  await wait.fill("2");
  await expect(card(page, "One moment")).toContainText("waits 2 minutes at most");
  await page.keyboard.press("Escape");
  await page.keyboard.press("1");
  const lead = async (end: string, to: string) =>
    drag(page, await middle(await dot(page, "One moment", end)), await head(card(page, to)));
  await lead("When the person is done", "Thank you");
  await lead("When nobody is there", "Sorry, write us");
  await lead("When nobody has come in time", "Sorry, write us");
  expect(
    (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => [id, nodes[0]?.html.slice(0, 400)]),
  ).toEqual([]);

  const preview = new PreviewPane(page);
  for (const [end, said] of [
    ["The person is done", "Thank you"],
    ["Nobody is there", "Sorry, write us"],
    ["Nobody comes in time", "Sorry, write us"],
  ] as const) {
    await expect(preview.message("One moment")).toBeVisible();
    await preview.pane.getByRole("button", { name: end }).click();
    await expect(preview.message(said)).toBeVisible();
    await expect(preview.pane.getByRole("button", { name: end })).toBeHidden();
    await page.getByRole("button", { name: "One answer back" }).click();
    await page.getByRole("button", { name: "Continue from here" }).click();
  }
  const file = JSON.parse(await exportedFile(page, flow));
  expect(file.person.sendRequest).toMatchObject({ kind: "HandOff", queue: "Sales", timeout: 120 });
});
