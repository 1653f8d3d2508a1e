import { expect, type FrameLocator, type Locator, type Page } from "@playwright/test";

/** Where a widget is: a page, a frame of it, or the widget's own element among several. */
export type Place = Page | FrameLocator | Locator;

export const logOf = (place: Place): Locator => place.getByRole("log");

/** Opens the chat by its button. */
export async function openChat(place: Place, label = "Open chat"): Promise<void> {
  await place.getByRole("button", { name: label }).click();
  await expect(logOf(place)).toBeVisible();
}

/** Walks through the reference conversation of an open widget, by mouse. */
export async function talk(place: Place, words = { send: "Send" }): Promise<void> {
  const log = logOf(place);
  await expect(log).toContainText("Hi, I'm Bot! Nice to meet you.");
  await log.getByRole("button", { name: "Other" }).click();
  const editor = place.getByPlaceholder("Type your preferred language here...");
  await expect(editor).toBeEnabled();
  await editor.fill("Zig");
  await place.getByRole("button", { name: words.send, exact: true }).click();
  await log.getByRole("button", { name: "No", exact: true }).click();
  await expect(log).toContainText("Great, thanks!");
  // Each once, in order.
  const said = ((await log.textContent()) ?? "").replace(/\s+/g, " ");
  const order = ["Nice to meet you", "Zig", "Any other?", "Great, thanks!"];
  expect(order.map((part) => said.split(part).length - 1)).toEqual([1, 1, 1, 1]);
  expect(order.map((part) => said.indexOf(part)).toSorted((a, b) => a - b)).toEqual(
    order.map((part) => said.indexOf(part)),
  );
}
