import { expect, type Locator, type Page } from "@playwright/test";
import { middle, type Spot } from "./drawing.js";

/** What counts as one gesture. Moving the pointer, and text that is typed, count as none. */
type Kind = "press" | "drag" | "key" | "tap";

const asSpot = async (target: Locator | Spot): Promise<Spot> => {
  if ("x" in target) return target;
  await expect(target).toBeVisible();
  return middle(target);
};

/**
 * The hands of a test: all of its input goes through here and is counted, and one that uses what it has not raises. A
 * press and a tap are of the middle of something that is seen, and nothing is scrolled into view for the mouse.
 */
export class Gestures {
  readonly #page: Page;
  readonly #kinds: readonly Kind[];
  #made: string[] = [];

  /** @param kinds what these hands can do */
  constructor(page: Page, kinds: readonly Kind[]) {
    this.#page = page;
    this.#kinds = kinds;
  }

  /** What was done so far, or since the last `restart`, in words. */
  get made(): readonly string[] {
    return this.#made;
  }

  restart(): void {
    this.#made = [];
  }

  /** Presses the mouse on something, or at a place of the screen in pixels. */
  async press(target: Locator | Spot): Promise<void> {
    this.#count("press", String(target));
    const { x, y } = await asSpot(target);
    await this.#page.mouse.click(x, y);
  }

  /** Presses the mouse at one place and lets go at another, moving as a hand does. */
  async drag(from: Locator | Spot, to: Locator | Spot): Promise<void> {
    this.#count("drag", `${from} to ${to}`);
    const { mouse } = this.#page;
    const [begin, end] = [await asSpot(from), await asSpot(to)];
    await mouse.move(begin.x, begin.y);
    await mouse.down();
    await mouse.move((begin.x + end.x) / 2, (begin.y + end.y) / 2, { steps: 6 });
    await mouse.move(end.x, end.y, { steps: 6 });
    await mouse.up();
  }

  /** Presses keys one after the other. A letter that is a command is a key, too. */
  async key(...keys: string[]): Promise<void> {
    for (const key of keys) {
      this.#count("key", key);
      await this.#page.keyboard.press(key);
    }
  }

  /** Presses a key until something has the keyboard. */
  async keyTo(key: string, target: Locator, most = 12): Promise<void> {
    for (let tries = 0; tries < most; tries++) {
      await this.key(key);
      if (await target.evaluate((element) => element === document.activeElement)) return;
    }
    await expect(target).toBeFocused();
  }

  /** Touches something with a finger; what is out of view is panned to first. */
  async tap(target: Locator): Promise<void> {
    this.#count("tap", String(target));
    await target.tap();
  }

  /** Types text into what has the keyboard: with keys, or without any as the keyboard of a phone does. */
  async write(text: string): Promise<void> {
    if (/\n/.test(text)) throw new Error("a line break is a key");
    if (this.#kinds.includes("tap")) await this.#page.keyboard.insertText(text);
    else await this.#page.keyboard.type(text);
  }

  #count(kind: Kind, what: string): void {
    if (!this.#kinds.includes(kind)) throw new Error(`these hands have no ${kind}`);
    this.#made.push(`${kind}: ${what}`);
  }
}
