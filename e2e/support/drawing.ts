import { expect, type Locator, type Page } from "@playwright/test";

/** A place on the screen, in pixels. */
export type Spot = { readonly x: number; readonly y: number };

/** The drawing: one tab stop, with the keys of steps. */
export const drawing = (page: Page): Locator => page.getByRole("application", { name: /as a drawing/ });

/** A card by the words that it begins with. */
export const card = (page: Page, words: string): Locator => drawing(page).locator(stepNamed(words));

const stepNamed = (words: string): string =>
  `[aria-roledescription="step"][aria-label*=${JSON.stringify(`: ${words}`)}]`;

/** The dot where a way out of a card begins: of its one, or of the one with these words. */
export async function dot(page: Page, words: string, way?: string): Promise<Locator> {
  const node = drawing(page).locator(`.react-flow__node:has(${stepNamed(words)})`);
  const dots = node.locator(".react-flow__handle.source");
  if (way === undefined) return dots;
  const port = await node.locator("[data-port]", { hasText: way }).getAttribute("data-port");
  return node.locator(`.react-flow__handle.source[data-handleid=${JSON.stringify(port)}]`);
}

export async function box(locator: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const found = await locator.boundingBox();
  if (found === null) throw new Error(`nothing is seen of ${locator}`);
  return found;
}

export async function middle(locator: Locator): Promise<Spot> {
  const { x, y, width, height } = await box(locator);
  return { x: x + width / 2, y: y + height / 2 };
}

/** On the line of a card's head, where it is taken to be dragged. */
export async function head(locator: Locator): Promise<Spot> {
  const { x, y, width } = await box(locator);
  return { x: x + width / 2, y: y + 16 };
}

/** Presses the mouse at one place and lets go at another, moving as a hand does. */
export async function drag(page: Page, from: Spot, to: Spot): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 6 });
  await page.mouse.move(to.x, to.y, { steps: 6 });
  await page.mouse.up();
}

/** Takes the end of an edge, just before the card where it ends (at 100 %), and lets it go elsewhere. */
export async function dragEnd(page: Page, words: string, to: Spot): Promise<void> {
  const { x, y } = await box(card(page, words));
  await page.mouse.move(x - 9, y + 18);
  await expect(drawing(page).locator(".react-flow__edgeupdater")).toBeVisible();
  await drag(page, { x: x - 9, y: y + 18 }, to);
}

/** The list of what can come next is open: the kind or step of these words is taken from it. */
export async function pick(page: Page, words: string): Promise<void> {
  const field = page.getByRole("combobox", { name: /^(What comes next|Where this leads|What comes in between)$/ });
  await expect(field).toBeFocused();
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
  await expect(field).toBeHidden();
}

/** What is drawn, all of it brought into view: cards, the ways between them, what only the file implies. */
export async function counts(page: Page): Promise<{ cards: number; ways: number; implied: number }> {
  const canvas = drawing(page);
  const edges = (kind: string) => canvas.locator(`.react-flow__edge:has([data-kind="${kind}"])`).count();
  return {
    cards: await canvas.locator("[aria-roledescription=step]").count(),
    ways: await edges("next"),
    implied: await edges("open"),
  };
}

/** Turns to the other view, Steps or States, by its key. */
export async function turnTo(page: Page, view: "steps" | "states"): Promise<void> {
  if ((await drawing(page).getAttribute("data-view")) !== view) {
    await drawing(page).focus();
    await page.keyboard.press("v");
  }
  await expect(page.locator(`[data-view=${view}]`)).toBeVisible();
  await expect(page.getByLabel("Laying out")).toBeHidden();
}

/** Brings everything into view, by its key. */
export async function seeAll(page: Page): Promise<void> {
  await drawing(page).focus();
  await page.keyboard.press("1");
}

/** Closes what is open around the drawing, so that there is room for it. */
export async function closePanels(page: Page): Promise<void> {
  const open = page.locator("aside").getByRole("button", { name: /^Close / });
  for (let left = await open.count(); left > 0; left--) {
    await open.first().click();
    await expect(open).toHaveCount(left - 1);
  }
}
